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


def follow(attempt: PaymentAttempt, *, at: datetime) -> None:
    """Book every dispute about a payment as the provider has it.

    Raises GatewayUnavailable or GatewayRefused; what was booked by then stays.
    """
    gateway = gateways.get(attempt.gateway)
    try:
        for status in gateway.disputes(attempt):
            record(attempt, status, at=at)
    except OpenAgain:
        # What is read now is read after the decision.
        for status in gateway.disputes(attempt):
            record(attempt, status, at=at, may_open_again=True)


@transaction.atomic
def record(
    attempt: PaymentAttempt, status: DisputeStatus, *, at: datetime, may_open_again: bool = False
) -> Dispute:
    """One dispute as the provider has it. It holds the order until the bank has decided.

    Raises OpenAgain, unless the caller knows that it read the status after the decision.
    """
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    before = Dispute.objects.filter(reference=status.reference).first()
    was_closed, is_open = bool(before and before.closed_at), status.quarrel.value in Dispute.OPEN
    if was_closed and is_open and not may_open_again:
        raise OpenAgain(status.reference)
    dispute, _ = Dispute.objects.update_or_create(
        reference=status.reference,
        defaults=_facts(attempt, status),
        create_defaults={**_facts(attempt, status), "order": order, "attempt": attempt},
    )
    if before is None:
        _note_opening(order, dispute, at=at)
    if not was_closed and not is_open:
        _close(order, dispute, at=at)
    elif was_closed and is_open:  # an appeal
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
