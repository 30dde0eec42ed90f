"""Goods that came back: onto the shelf, and the order with them. With money, or noted without.

Locks: order, stock, as everywhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from products import stocking

from ..models import GoodsBack, Order, OrderEvent, RefundLine
from ..orders import holding
from ..orders.balances import everything_is_back
from . import returns
from .returns import Back

Kind, Status = OrderEvent.Kind, Order.Status
SOLD = (Status.PAID, Status.FULFILLED)  # of one that was returned everything is back


class NothingCameBack(Exception):
    """No piece is named, or the order has sold nothing that could come back."""


@transaction.atomic
def note(
    order: Order,
    *,
    lines: Mapping[int, Back],
    reason: str,
    by: User | None,
    at: datetime,
    key: str = "",
) -> GoodsBack:
    """Write down which goods came back (by line id) although no money goes with them.

    It was given back at the provider, or they cost none. They count as gone from the order, as
    those of a refund do. The same `key` again is the same note.
    Raises TooMuch or NothingCameBack, and then nothing is written.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    # After the lock: the same form, sent twice at once, has committed.
    if key and (known := order.goods_back.filter(key=key).first()):
        return known
    rows = returns.parts(order, lines)
    if not rows or order.status not in SOLD:
        raise NothingCameBack(order.number)
    noted = GoodsBack.objects.create(
        order=order, reason=reason, by=by, created_at=at, **({"key": key} if key else {})
    )
    for row in rows:
        row.goods_back, row.amount = noted, Decimal(0)
    RefundLine.objects.bulk_create(rows)
    goods = "\n".join(f"{row.quantity} × {row.line.full_name}" for row in rows)
    order.note(Kind.GOODS_BACK, at=at, by=by, why=reason, goods=goods)
    take_in(rows, order, by=by, at=at)
    return noted


def take_in(rows: Sequence[RefundLine], order: Order, *, by: User | None, at: datetime) -> None:
    """Put what these stored rows bring on the shelf, and let the order follow its goods.

    In the transaction of the caller, who holds the order's lock.
    """
    if goods := returns.not_yet_back(rows, order):
        stocking.take_back(goods, reference=order.number, by=by, at=at)
    # A parcel of which everything has come back is a parcel that was returned.
    if order.status == Status.FULFILLED and everything_is_back(order):
        order.move_to(Status.RETURNED)
        order.save(update_fields=["status"])
        order.note(Kind.RETURNED, at=at, by=by)
    holding.renew(order, at=at)
