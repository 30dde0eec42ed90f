"""What may follow a parcel: goods that come back, money given back, a quarrel with a bank."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from checkout.models import Order, Refund
from checkout.money_back import disputes, refunding, repaying
from checkout.money_back.returns import Back

from .paying import dispute
from .post import post

ON_THE_WAY = timedelta(days=9)  # there, and back again

Entry = dict[str, Any]


def follow(order: Order, entry: Entry, *, at: datetime) -> None:
    """Whatever `then` says of an order that was sent at `at`."""
    if happens := AFTER.get(entry["then"]):
        happens(order, entry, at + ON_THE_WAY)


def _returned(order: Order, entry: Entry, at: datetime) -> None:
    back = {line.pk: Back(line.quantity, restock=True) for line in order.lines.all()}
    _make(refunding.order_refund(order, lines=back, reason=entry["why"], by=None, at=at), at)


def _goodwill(order: Order, entry: Entry, at: datetime) -> None:
    amount = Decimal(entry["amount"])
    _make(refunding.order_refund(order, amount=amount, reason=entry["why"], by=None, at=at), at)


def _disputed(order: Order, entry: Entry, at: datetime) -> None:
    attempt = order.attempts.get(pays_order=True)
    dispute(attempt.payment_reference)
    disputes.follow(attempt, at=timezone.now())  # the sandbox's bank quarrels today


def _make(refund: Refund, at: datetime) -> None:
    repaying.make(refund.pk, at=at)
    post(at)


AFTER: dict[str, Callable[[Order, Entry, datetime], None]] = {
    "returned": _returned,
    "goodwill": _goodwill,
    "disputed": _disputed,
}
