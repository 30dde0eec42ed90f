"""Stripe's refunds and disputes in both directions, in the shop's words."""

from datetime import UTC, datetime
from typing import Any

from ..models import Refund
from .protocol import DisputeStatus, Quarrel, RefundStatus, Repayment

REPAYMENTS = {
    "pending": Repayment.PENDING,
    "requires_action": Repayment.PENDING,  # the buyer is asked for a bank account
    "succeeded": Repayment.SUCCEEDED,
    "failed": Repayment.FAILED,
    "canceled": Repayment.CANCELLED,
}
# An inquiry ("warning") is a question of the bank's before it takes any money.
QUARRELS = {
    "needs_response": Quarrel.NEEDS_RESPONSE,
    "warning_needs_response": Quarrel.NEEDS_RESPONSE,
    "appeal_needs_response": Quarrel.NEEDS_RESPONSE,
    "under_review": Quarrel.UNDER_REVIEW,
    "warning_under_review": Quarrel.UNDER_REVIEW,
    "appeal_under_review": Quarrel.UNDER_REVIEW,
    "won": Quarrel.WON,
    "warning_closed": Quarrel.WON,
    "lost": Quarrel.LOST,
}


def parameters(refund: Refund) -> dict[str, Any]:
    """What makes the refund: a pure function of the stored row."""
    return {
        "payment_intent": refund.attempt.payment_reference,
        "amount": refund.amount_minor,
        "metadata": {"refund": str(refund.pk), "order": refund.order.number},
    }


def refund_status(refund: Any) -> RefundStatus:
    """Stripe's refund in our words."""
    names = refund.metadata
    return RefundStatus(
        reference=refund.id,
        payment_reference=_id(refund.payment_intent),
        repayment=REPAYMENTS[refund.status],
        amount_minor=refund.amount,
        currency=refund.currency.upper(),
        created_at=datetime.fromtimestamp(refund.created, UTC),
        refund_id=str(names["refund"]) if names and "refund" in names else "",
        reason=refund.reason or "",
        failure=(refund.failure_reason or "") if "failure_reason" in refund else "",
    )


def dispute_status(dispute: Any) -> DisputeStatus:
    """Stripe's dispute in our words."""
    # One entry takes the money, a second one brings it back.
    withdrawn = sum(entry.amount for entry in dispute.balance_transactions) < 0
    due = dispute.evidence_details.due_by
    return DisputeStatus(
        reference=dispute.id,
        payment_reference=_id(dispute.payment_intent),
        quarrel=_quarrel(dispute.status, withdrawn=withdrawn),
        amount_minor=dispute.amount,
        currency=dispute.currency.upper(),
        opened_at=datetime.fromtimestamp(dispute.created, UTC),
        respond_by=datetime.fromtimestamp(due, UTC) if due else None,
        reason=dispute.reason or "",
        funds_withdrawn=withdrawn,
    )


def _quarrel(status: str, *, withdrawn: bool) -> Quarrel:
    if status == "prevented":  # settled before it became one: the money tells in whose favour
        return Quarrel.LOST if withdrawn else Quarrel.WON
    return QUARRELS[status]


def _id(reference: Any) -> str:
    """Of an object, a bare id, or nothing."""
    return str(getattr(reference, "id", reference) or "")
