"""Refunds that the provider was asked for and never answered: staff decide what becomes of them."""

from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from ..models import GoodsBack, Order, OrderEvent, Refund
from ..orders import holding
from . import refunds
from .refunding import SERIES, printed

Kind, State = OrderEvent.Kind, Refund.State


class NotUnanswered(Exception):
    """The refund was made after all, or is being asked for."""


def unanswered() -> QuerySet[Refund]:
    """Refunds whose last try was given up. No worker is at them, and nobody knows what came."""
    return Refund.objects.filter(state=State.OWED, due_at=None)


def ask_staff(order: Order, refund: Refund, *, at: datetime) -> None:
    """Have them decide. In the transaction of the caller, who holds the order's lock."""
    holding.ask(order, _question(refund), at=at)


def ask_again(refund: Refund, *, at: datetime) -> None:
    """Give it another row of tries. Nothing happens if it is not unanswered any more."""
    from ..tasks import make_refund  # tasks imports us

    this = unanswered().filter(pk=refund.pk)
    tries = this.values_list("attempts", flat=True).first() or 0
    # On from where it was: at the first try the provider's list would not be searched, and a key
    # that was used before is answered with the same error for a day.
    used = -(-tries // SERIES) * SERIES
    if this.update(attempts=used, due_at=at, leased_until=None):
        make_refund.wake(refund.pk)


def withdraw(refund: Refund, *, reason: str, by: User | None, at: datetime) -> None:
    """Owe it no longer: the money went another way. The goods it names are back all the same.

    The provider's list is read once more before.
    Raises NotUnanswered, GatewayUnavailable or GatewayRefused, and then it is owed as before.
    """
    refunds.follow(refund.attempt, at=at)
    _withdraw(refund, reason=reason, by=by, at=at)


@transaction.atomic
def _withdraw(refund: Refund, *, reason: str, by: User | None, at: datetime) -> None:
    order, _ = refunds.locked(refund.attempt)
    owed = unanswered().select_for_update().filter(pk=refund.pk).first()
    if owed is None:
        raise NotUnanswered(order.number)
    owed.state, owed.settled_at = State.CANCELLED, at
    owed.save(update_fields=["state", "settled_at"])
    _keep_goods(owed, order, reason=reason, by=by, at=at)
    amount = printed(owed)
    order.note(Kind.REFUND_WITHDRAWN, at=at, by=by, why=reason, amount=amount, refund=owed.pk)
    # Whoever decides that has looked, so if this was all that was asked, the order waits no more.
    asked = holding.open_questions(order).values_list("data__why", flat=True)
    if list(asked) == [_question(owed)] and not unanswered().filter(order=order).exists():
        holding.review(order, reason=reason, by=by, at=at)
    holding.renew(order, at=at)


def _keep_goods(
    refund: Refund, order: Order, *, reason: str, by: User | None, at: datetime
) -> None:
    """They came back and no money of this refund's with them."""
    if refund.lines.exists():
        noted = GoodsBack.objects.create(order=order, reason=reason, by=by, created_at=at)
        refund.lines.update(refund=None, goods_back=noted, amount=Decimal(0))


def _question(refund: Refund) -> str:
    return f"no answer about the refund of {printed(refund)}"
