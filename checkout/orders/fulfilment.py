"""Packing an order and sending it off."""

from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction

from invoices import issuing
from invoices.models import Invoice

from ..models import Order, OrderEvent
from ..models.orders import WrongTurn
from . import billing, notices


class OnHold(Exception):
    """The order must not leave the house until somebody has looked into it."""


class NothingLeft(Exception):
    """All the order's goods were given back: there is nothing to send."""


@transaction.atomic
def pack(order_id: int, *, at: datetime) -> Invoice:
    """Write the note that lies in the parcel of a paid order, or the one for what is still in it.

    Whoever picks the goods up is told that they are ready.
    Raises OnHold, NothingLeft, WrongTurn unless it is paid, Order.DoesNotExist.
    """
    order = _in_the_house(order_id)
    if order.status != Order.Status.PAID:
        raise WrongTurn(f"{order.number}: {order.status}, to be packed")
    if order.collect_at:
        notices.order_ready(order, at=at)
    return _delivery_note(order, at=at)


@transaction.atomic
def ship(order_id: int, *, tracking: str, by: User | None, at: datetime) -> Order:
    """Note that a paid order has left our hands, with its delivery note, and tell the buyer.

    `tracking` may be empty.
    Raises OnHold, NothingLeft, WrongTurn unless it is paid, Order.DoesNotExist.
    """
    order = _in_the_house(order_id)
    order.move_to(Order.Status.FULFILLED)
    order.save(update_fields=["status"])
    order.note(OrderEvent.Kind.FULFILLED, at=at, by=by, tracking=tracking)
    notices.order_sent(order, tracking, at=at)
    _delivery_note(order, at=at)
    return order


def _in_the_house(order_id: int) -> Order:
    """Locked: two members of staff cannot both send it, nor a payment move it meanwhile."""
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.hold:
        raise OnHold(order.number)
    return order


def _delivery_note(order: Order, *, at: datetime) -> Invoice:
    """One for each content: what is given back after packing is taken out again."""
    parcel = billing.parcel(order)
    if not parcel.lines:
        raise NothingLeft(order.number)
    content = ",".join(f"{line.quantity} {line.sku}" for line in parcel.lines)
    key = f"parcel:{order.pk}:{sha256(content.encode()).hexdigest()[:16]}"
    return issuing.issue_delivery_note(parcel, key=key, at=at)
