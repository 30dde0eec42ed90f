"""Sending an order off."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from ..models import Order, OrderEvent
from . import notices


class OnHold(Exception):
    """The order must not leave the house until somebody has looked into it."""


@transaction.atomic
def ship(order_id: int, *, tracking: str, by: User | None, at: datetime) -> Order:
    """Note that the parcel of a paid order is on its way, and tell the buyer.

    `tracking` may be empty. Raises OnHold, WrongTurn unless it is paid, Order.DoesNotExist.
    """
    # Locked: two members of staff cannot both send it, nor a payment move it meanwhile.
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.hold:
        raise OnHold(order.number)
    order.move_to(Order.Status.FULFILLED)
    order.save(update_fields=["status"])
    order.note(OrderEvent.Kind.FULFILLED, at=at, by=by, tracking=tracking)
    notices.order_sent(order, tracking, at=at)
    return order
