"""Making refunds at the provider, and booking what it says of them.

The provider is never called inside a transaction. Hearing the same thing twice changes nothing;
amounts are never added up from events, every refund is one row known by the provider's name.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from .. import gateways
from ..gateways.protocol import GatewayRefused, GatewayUnavailable, RefundStatus, Repayment
from ..models import Order, OrderEvent, PaymentAttempt, Refund
from ..orders import holding
from ..orders.balances import balance_of
from . import crediting
from .refunding import SERIES, printed

logger = logging.getLogger(__name__)
Kind = OrderEvent.Kind
State = Refund.State

# Longer than the task may take, so that whoever held it is dead when it runs out.
LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = SERIES - 1
FIRST_PAUSE = timedelta(seconds=30)  # then twice as long each time
UNDER_WAY = timedelta(hours=6)  # between two looks at a refund the bank is working on
ENDS = {
    Repayment.PENDING: State.PENDING,
    Repayment.SUCCEEDED: State.SUCCEEDED,
    Repayment.FAILED: State.FAILED,
    Repayment.CANCELLED: State.CANCELLED,
}
ORDER = {
    State.OWED: 0, State.PENDING: 1, State.SUCCEEDED: 2, State.FAILED: 3, State.CANCELLED: 3,
}  # fmt: skip


class TooOften(Exception):
    """The refund was tried as often as it may be."""


def due(at: datetime) -> QuerySet[Refund]:
    """Refunds to make or to ask about, that no worker holds."""
    unheld = Q(leased_until=None) | Q(leased_until__lte=at)
    return Refund.objects.filter(unheld, state__in=[State.OWED, State.PENDING], due_at__lte=at)


def make(refund_id: int, *, at: datetime) -> None:
    """Have one refund made, or ask how it goes, if that is due and nobody else is at it."""
    claimed = due(at).filter(pk=refund_id)
    # In one statement: of two workers one goes on.
    if not claimed.update(leased_until=at + LEASE, attempts=F("attempts") + 1):
        return
    refund = Refund.objects.select_related("attempt", "order").get(pk=refund_id)
    try:
        if refund.state == State.OWED and _tries(refund) > MOST_ATTEMPTS:
            raise TooOften  # whoever tried before was killed each time
        status = gateways.get(refund.attempt.gateway).refund(refund)
        record(refund.attempt, status, at=at)
    except GatewayRefused as refused:
        if refund.reference:  # it was made, whatever is wrong with asking about it
            _put_off(refund, refused, at=at)
            return
        _refuse(refund, str(refused), at=at)
        _look_around(refund.attempt, at=at)
    except Exception as error:  # any error: it is tried again, then shown to staff
        logger.warning("refund %s is put off: %s", refund.pk, type(error).__name__)
        _put_off(refund, error, at=at)


def follow(attempt: PaymentAttempt, *, at: datetime) -> None:
    """Book every refund of a payment as the provider has it, also those made there.

    Raises GatewayUnavailable or GatewayRefused; what was booked by then stays.
    """
    for status in gateways.get(attempt.gateway).refunds(attempt):
        record(attempt, status, at=at)


@transaction.atomic
def record(attempt: PaymentAttempt, status: RefundStatus, *, at: datetime) -> Refund:
    """One refund as the provider has it: ours by its name or our number, else a new row."""
    order, attempt = _locked(attempt)
    known = _ours(attempt, status)
    refund = known or _made_there(order, attempt, status, at=at)
    # A list that was read earlier may arrive later: what is known of a refund only moves on.
    moves_on = ORDER[ENDS[status.repayment]] > ORDER[State(refund.state)] or not refund.reference
    refund.attempt, refund.order = attempt, order
    refund.reference, refund.leased_until = status.reference, None
    if refund.amount_minor != status.amount_minor or refund.currency != status.currency:
        holding.ask(order, f"refund {status.reference}: another amount than ours", at=at)
    if status.repayment == Repayment.PENDING:
        refund.due_at = at + UNDER_WAY
    if moves_on:
        _move(refund, ENDS[status.repayment], status.failure, at=at)
    refund.save()
    if known is None:
        holding.ask_if_gone_twice(order, attempt, at=at)  # at its own desk a provider asks nobody
    return refund


@transaction.atomic
def _refuse(refund: Refund, why: str, *, at: datetime) -> Refund:
    """The provider will not give it back: the amount is free again, and staff must look."""
    order, _ = _locked(refund.attempt)
    refund = Refund.objects.select_for_update().get(pk=refund.pk)
    refund.order, refund.leased_until = order, None
    if refund.state == State.OWED:
        _move(refund, State.FAILED, why, at=at)
        refund.save()
    return refund


def _locked(attempt: PaymentAttempt) -> tuple[Order, PaymentAttempt]:
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    return order, PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)


def _ours(attempt: PaymentAttempt, status: RefundStatus) -> Refund | None:
    known = attempt.refunds.select_for_update()
    if refund := known.filter(reference=status.reference).first():
        return refund
    if not status.refund_id.isdecimal():
        return None
    return known.filter(pk=int(status.refund_id[:18]), reference=None).first()


def _made_there(
    order: Order, attempt: PaymentAttempt, status: RefundStatus, *, at: datetime
) -> Refund:
    """Somebody gave money back at the provider's own desk."""
    gateway = gateways.get(attempt.gateway)
    return Refund.objects.create(
        order=order,
        attempt=attempt,
        reference=status.reference,
        origin=Refund.Origin.PROVIDER,
        state=State.PENDING,
        amount_minor=status.amount_minor,
        amount=gateway.major_units(status.amount_minor, status.currency),
        currency=status.currency,
        reason=status.reason[:200],
        created_at=status.created_at,
        due_at=at + UNDER_WAY,
    )


def _move(refund: Refund, state: Refund.State, why: str, *, at: datetime) -> None:
    """The one door between a refund's states."""
    order, before = refund.order, refund.state
    refund.state = state
    if state == State.PENDING:
        refund.save()
        return
    refund.settled_at, refund.due_at, refund.last_error = at, None, why
    refund.save()  # before what follows reads how much is left
    if state == State.SUCCEEDED:
        order.note(Kind.REFUNDED, at=at, amount=printed(refund), refund=refund.pk)
        crediting.credit(refund, at=at)
        _end_wrong_payment(refund.attempt, at=at)
    else:
        order.note(
            Kind.REFUND_FAILED, at=at, amount=printed(refund), why=why or state, refund=refund.pk
        )
        if before == State.SUCCEEDED:
            crediting.take_back(refund, at=at)
    holding.renew(order, at=at)


def _end_wrong_payment(attempt: PaymentAttempt, *, at: datetime) -> None:
    """Money of the wrong amount has all gone back: the order can be paid again, or run out."""
    if attempt.state in PaymentAttempt.LIVE and not balance_of(attempt).left:
        attempt.state, attempt.settled_at = PaymentAttempt.State.FAILED, at
        attempt.save(update_fields=["state", "settled_at"])


def _look_around(attempt: PaymentAttempt, *, at: datetime) -> None:
    """A refusal often means that somebody was faster at the provider's own desk."""
    try:
        follow(attempt, at=at)
    except (GatewayUnavailable, GatewayRefused) as error:
        logger.warning("refunds of attempt %s: %s", attempt.pk, type(error).__name__)


def _tries(refund: Refund) -> int:
    """The try this is since somebody last asked for it, from 1."""
    return (refund.attempts - 1) % SERIES + 1


@transaction.atomic
def _put_off(refund: Refund, error: Exception, *, at: datetime) -> None:
    """Nobody knows what came of it: the amount stays taken. After the last try staff must look."""
    order, _ = _locked(refund.attempt)
    given_up = refund.state == State.OWED and _tries(refund) >= MOST_ATTEMPTS
    pause = FIRST_PAUSE * 2 ** min(_tries(refund) - 1, MOST_ATTEMPTS)
    mine = Refund.objects.filter(pk=refund.pk, leased_until=refund.leased_until)
    changed = mine.update(
        leased_until=None,
        due_at=None if given_up else at + pause,
        last_error=repr(error)[:500],
    )
    if changed and given_up:
        holding.ask(order, f"no answer about the refund of {printed(refund)}", at=at)
