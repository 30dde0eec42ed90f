"""What must always hold between orders and the mails to their buyers.

That each mail was sent, or waits, or is shown as failed is for `mailing` to see; here, that none
was forgotten.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from mailing.breaches import Breach
from mailing.models import Message

from ..models import Order
from .sums import each

Status = Order.Status
# What `orders.notices` writes once for each order, and who must have it.
OWED: dict[str, Collection[Order.Status]] = {
    "received": Status,
    "expired": [Status.EXPIRED],
    "sent": [Status.FULFILLED, Status.RETURNED],
}


def buyers_are_told() -> Iterator[Breach]:
    """Written with what it tells of, in one transaction: either both are there or neither."""
    for what, statuses in OWED.items():
        key: Any = Concat(Value("order:"), Cast("pk", CharField()), Value(f":{what}"))
        orders = Order.objects.filter(status__in=statuses).annotate(its_key=key)
        untold = orders.filter(~Exists(Message.objects.filter(key=OuterRef("its_key"))))
        for order in each(untold.only("number", "status")):
            detail = f"{order.status}, and no order:{order.pk}:{what}"
            yield Breach("a buyer is told what becomes of an order", order.number, detail)
