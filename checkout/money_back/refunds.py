"""What the provider says of refunds, booked. Its record is the truth; ours follows it.

Hearing the same thing twice changes nothing; amounts are never added up from events, every refund
is one row known by the provider's name.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from .. import gateways
from ..gateways.protocol import RefundStatus, Repayment
from ..models import Order, OrderEvent, PaymentAttempt, Refund
from ..orders import holding
from ..orders.balances import balance_of
from . import crediting
from .refunding import printed

Kind = OrderEvent.Kind
State = Refund.State

A_SECOND = timedelta(seconds=1)  # the provider counts whole ones
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


def follow(attempt: PaymentAttempt, *, at: datetime) -> None:
    """Book every refund of a payment as the provider has it, also those made there.

    Raises GatewayUnavailable or GatewayRefused; what was booked by then stays.
    """
    listed = gateways.get(attempt.gateway).refunds(attempt)
    # What names one of ours first: then an unnamed one is not taken for it.
    for status in sorted(listed, key=lambda one: not one.refund_id):
        record(attempt, status, at=at)


@transaction.atomic
def record(attempt: PaymentAttempt, status: RefundStatus, *, at: datetime) -> Refund:
    """One refund as the provider has it: ours by its name or our number, else a new row.

    One of ours that got no answer may have been made at the provider's own desk instead.
    """
    order, attempt = locked(attempt)
    known = _ours(attempt, status, at=at)
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
        move(refund, ENDS[status.repayment], status.failure, at=at)
    refund.save()
    if known is None:
        if _decided(attempt, status):
            holding.ask(order, f"refund {status.reference}: made after all, maybe twice", at=at)
        holding.ask_if_gone_twice(order, attempt, at=at)  # at its own desk a provider asks nobody
    return refund


def _ours(attempt: PaymentAttempt, status: RefundStatus, *, at: datetime) -> Refund | None:
    known = attempt.refunds.select_for_update()
    if refund := known.filter(reference=status.reference).first():
        return refund
    if not status.refund_id:
        return _made_by_hand(known, status, at=at)
    unmade = known.filter(reference=None, state__in=[State.OWED, State.FAILED])
    return unmade.filter(pk=_number(status)).first()


def _decided(attempt: PaymentAttempt, status: RefundStatus) -> bool:
    """Is it one of ours that was made by hand, given another way, or withdrawn meanwhile?"""
    return attempt.refunds.filter(pk=_number(status)).exclude(reference=status.reference).exists()


def _number(status: RefundStatus) -> int:
    """Our own number for it, as the provider repeats it; 0 is nobody's."""
    return int(status.refund_id[:18]) if status.refund_id.isdecimal() else 0


def _made_by_hand(
    refunds: QuerySet[Refund], status: RefundStatus, *, at: datetime
) -> Refund | None:
    """The oldest that waits, if just its amount was given back by somebody after it was owed."""
    if status.repayment not in (Repayment.PENDING, Repayment.SUCCEEDED):
        return None
    # The first time it is asked for, nobody has lost patience yet.
    in_vain = Q(attempts__gt=1) | ~Q(last_error="")
    unheld = Q(leased_until=None) | Q(leased_until__lte=at)
    owed = refunds.filter(in_vain | unheld, state=State.OWED, reference=None)
    earlier = owed.filter(created_at__lt=status.created_at + A_SECOND)
    just_this = earlier.filter(amount_minor=status.amount_minor, currency=status.currency)
    return just_this.order_by("pk").first()


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


def locked(attempt: PaymentAttempt) -> tuple[Order, PaymentAttempt]:
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    return order, PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)


def move(refund: Refund, state: Refund.State, why: str, *, at: datetime) -> None:
    """The one door between a refund's states."""
    order, before = refund.order, refund.state
    refund.state = state
    if state == State.PENDING:
        refund.last_error = ""
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
