"""The buyer's bank wants the money back. The provider's record is the truth; ours follows it."""

from datetime import datetime

from django.db import transaction

from products.money import rounded

from .. import gateways
from ..gateways.protocol import DisputeStatus
from ..models import Dispute, Order, OrderEvent, PaymentAttempt
from ..orders import holding

Kind = OrderEvent.Kind


class OpenAgain(Exception):
    """A dispute that was closed is open: an appeal, or a list that was read before the decision."""

    def __init__(self, dispute: Dispute) -> None:
        super().__init__(dispute.reference)
        self.closed_at = dispute.closed_at


def follow(attempt: PaymentAttempt, *, at: datetime) -> None:
    """Book every dispute about a payment as the provider has it.

    Raises GatewayUnavailable or GatewayRefused; what was booked by then stays.
    """
    gateway = gateways.get(attempt.gateway)
    try:
        for status in gateway.disputes(attempt):
            record(attempt, status, at=at)
    except OpenAgain as again:
        # What is read now is read after the decision.
        for status in gateway.disputes(attempt):
            record(attempt, status, at=at, read_after=again.closed_at)


@transaction.atomic
def record(
    attempt: PaymentAttempt,
    status: DisputeStatus,
    *,
    at: datetime,
    read_after: datetime | None = None,
) -> Dispute:
    """One dispute as the provider has it. It holds the order until the bank has decided.

    Raises OpenAgain, unless the status was `read_after` the decision of that very moment.
    """
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    before = Dispute.objects.filter(reference=status.reference).first()
    closed_at, is_open = before and before.closed_at, status.quarrel.value in Dispute.OPEN
    if before and closed_at and is_open and closed_at != read_after:
        raise OpenAgain(before)
    dispute, _ = Dispute.objects.update_or_create(
        reference=status.reference,
        defaults=_facts(attempt, status),
        create_defaults={**_facts(attempt, status), "order": order, "attempt": attempt},
    )
    if before is None:
        _note_opening(order, dispute, at=at)
    if not is_open and not (before and closed_at and before.state == dispute.state):
        _close(order, dispute, at=at)
    elif is_open and closed_at:  # an appeal
        dispute.closed_at = None
        dispute.save(update_fields=["closed_at"])
    holding.renew(order, at=at)
    return dispute


def _facts(attempt: PaymentAttempt, status: DisputeStatus) -> dict[str, object]:
    gateway = gateways.get(attempt.gateway)
    return {
        "state": status.quarrel.value,
        "reason": status.reason[:60],
        "amount_minor": status.amount_minor,
        "amount": gateway.major_units(status.amount_minor, status.currency),
        "currency": status.currency,
        "opened_at": status.opened_at,
        "respond_by": status.respond_by,
        "funds_withdrawn": status.funds_withdrawn,
    }


def _note_opening(order: Order, dispute: Dispute, *, at: datetime) -> None:
    order.note(
        Kind.DISPUTE_OPENED,
        at=at,
        why=dispute.reason,
        amount=_printed(dispute),
        respond_by=dispute.respond_by.isoformat() if dispute.respond_by else "",
    )


def _close(order: Order, dispute: Dispute, *, at: datetime) -> None:
    """Won brings the money back; lost is booked as reversed: it can no longer be given back."""
    dispute.closed_at = at
    dispute.save(update_fields=["closed_at"])
    order.note(Kind.DISPUTE_CLOSED, at=at, outcome=dispute.state, amount=_printed(dispute))
    holding.ask_if_gone_twice(order, dispute.attempt, at=at)


def _printed(dispute: Dispute) -> str:
    return f"{rounded(dispute.amount, dispute.currency)} {dispute.currency}"
