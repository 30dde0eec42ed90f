"""What keeps an order in the house.

The hold is read from the facts each time one of them changes: a dispute that is open, a question
nobody has answered, money or goods that have gone back. So nothing has to be remembered when one
of several reasons ends. The caller holds the order's lock.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from ..models import Dispute, Order, OrderEvent, PaymentAttempt
from .balances import balance_of, everything_is_back

Kind = OrderEvent.Kind
Hold = Order.Hold
QUESTIONS = (Kind.NEEDS_REVIEW, Kind.REFUND_FAILED)
ANSWERS = (Kind.REVIEWED, Kind.REINSTATED)


class NothingToReview(Exception):
    """Nobody has asked, or what keeps the order is not for staff to decide."""


def ask(order: Order, why: str, *, at: datetime) -> None:
    """Have staff look, once for each reason until they have."""
    if not open_questions(order).filter(data__why=why).exists():
        order.note(Kind.NEEDS_REVIEW, at=at, why=why)
    renew(order, at=at)


def ask_if_gone_twice(order: Order, payment: PaymentAttempt, *, at: datetime) -> None:
    """Have staff look at money that was given back and lost in a dispute as well."""
    lost = payment.disputes.filter(state=Dispute.State.LOST).exists()
    if lost and balance_of(payment).gone_twice:
        ask(order, "refunded, and lost in a dispute as well", at=at)


@transaction.atomic
def review(order: Order, *, reason: str, by: User | None, at: datetime) -> Order:
    """Somebody has looked: their words go on the timeline, and the order is free to go on.

    A dispute or a refund keeps it all the same, and an amount that is wrong does not become right.
    Raises NothingToReview.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not open_questions(order).exists():
        raise NothingToReview(order.number)
    order.note(Kind.REVIEWED, at=at, by=by, why=reason)
    renew(order, at=at)
    return order


def stray_money(order: Order) -> bool:
    """Is there money left for which nothing was sold: late, twice, or of the wrong amount?"""
    others = order.attempts.filter(pays_order=False, captured_minor__gt=0)
    return any(balance_of(attempt).left for attempt in others)


def open_questions(order: Order) -> "QuerySet[OrderEvent]":
    """What was asked since staff last looked."""
    answered = order.events.filter(kind__in=ANSWERS).order_by("pk").last()
    asked = order.events.filter(kind__in=QUESTIONS)
    return asked.filter(pk__gt=answered.pk) if answered else asked


def renew(order: Order, *, at: datetime) -> None:
    """Set the hold to what the facts say now."""
    hold = _reason(order)
    if hold != order.hold:
        order.hold, order.hold_since = hold, at if hold else None
        order.save(update_fields=["hold", "hold_since"])


def _reason(order: Order) -> str:
    if order.disputes.filter(state__in=Dispute.OPEN).exists():
        return Hold.DISPUTED
    if open_questions(order).exists():
        return Hold.NEEDS_REVIEW
    if order.status != Order.Status.PAID:
        return ""
    if _nothing_is_left(order):
        return Hold.REFUNDED
    # What is for sale again must not be sent.
    return Hold.GOODS_BACK if everything_is_back(order) else ""


def _nothing_is_left(order: Order) -> bool:
    payment = order.attempts.filter(pays_order=True).first()
    return payment is not None and bool(payment.captured_minor) and not balance_of(payment).left
