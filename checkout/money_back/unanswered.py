"""Refunds that the provider was asked for and never answered: staff say what became of them."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from ..models import Order, OrderEvent, Refund
from ..orders import holding
from . import refunds
from .refunding import SERIES, printed

Kind, State = OrderEvent.Kind, Refund.State


class NotUnanswered(Exception):
    """The refund waits for no decision: it was made after all, is asked for, or was decided."""


def unanswered() -> QuerySet[Refund]:
    """Refunds whose last try was given up. No worker is at them, and nobody knows what came."""
    return Refund.objects.filter(state=State.OWED, due_at=None)


def is_unanswered(refund: Refund) -> bool:
    """Is it one of these? Of a row that was read already."""
    return refund.state == State.OWED and refund.due_at is None


def ask_staff(order: Order, refund: Refund, *, at: datetime) -> None:
    """Have them decide. In the transaction of the caller, who holds the order's lock."""
    holding.ask(order, _question(refund), at=at)


def ask_again(refund: Refund, *, at: datetime) -> None:
    """Give it another row of tries. Raises NotUnanswered."""
    from ..tasks import make_refund  # tasks imports us

    this = unanswered().filter(pk=refund.pk)
    tries = this.values_list("attempts", flat=True).first() or 0
    # On from where it was: at the first try the provider's list would not be searched, and a key
    # that was used before is answered with the same error for a day.
    used = -(-tries // SERIES) * SERIES
    if not this.update(attempts=used, due_at=at, leased_until=None, last_error=""):
        raise NotUnanswered
    make_refund.wake(refund.pk)


def book_as_given(refund: Refund, *, how: str, by: User | None, at: datetime) -> None:
    """The buyer has the money another way, by wire or in cash: it is credited like any other.

    The provider's list is read once more before.
    Raises NotUnanswered, GatewayUnavailable or GatewayRefused, and then it is owed as before.
    """
    refunds.follow(refund.attempt, at=at)
    with transaction.atomic():
        owed = _owed(refund)
        owed.origin = Refund.Origin.ELSEWHERE
        refunds.move(owed, State.SUCCEEDED, "", at=at)
        _answer(owed, how, by=by, at=at)


def withdraw(refund: Refund, *, why: str, by: User | None, at: datetime) -> None:
    """The buyer will not get it, and its amount may be given back for something else.

    The provider's list is read once more before.
    Raises NotUnanswered, GatewayUnavailable or GatewayRefused, and then it is owed as before.
    """
    refunds.follow(refund.attempt, at=at)
    with transaction.atomic():
        owed = _owed(refund)
        owed.state, owed.settled_at, owed.last_error = State.CANCELLED, at, ""
        owed.save(update_fields=["state", "settled_at", "last_error"])
        amount = printed(owed)
        owed.order.note(Kind.REFUND_WITHDRAWN, at=at, by=by, amount=amount, refund=owed.pk)
        holding.renew(owed.order, at=at)
        _answer(owed, why, by=by, at=at)


def _owed(refund: Refund) -> Refund:
    """The refund with order and attempt, all locked, if it still waits. Raises NotUnanswered."""
    order, attempt = refunds.locked(refund.attempt)
    owed = unanswered().select_for_update().filter(pk=refund.pk).first()
    if owed is None:
        raise NotUnanswered(order.number)
    owed.order, owed.attempt = order, attempt
    return owed


def _answer(refund: Refund, reason: str, *, by: User | None, at: datetime) -> None:
    """Whoever decides has looked, so if this was all that was asked, the order waits no more."""
    order = refund.order
    asked = set(holding.open_questions(order).values_list("data__why", flat=True))
    decided = {_question(one) for one in order.refunds.exclude(pk__in=unanswered())}
    if asked and asked <= decided and not holding.stray_money(order):
        holding.review(order, reason=reason, by=by, at=at)
    else:
        order.note(Kind.NOTE, at=at, by=by, text=reason)


def _question(refund: Refund) -> str:
    return f"no answer about the refund of {printed(refund)}"
