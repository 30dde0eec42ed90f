"""Disputes: the buyer asked the bank for the money back."""

from django.db import transaction

from sandbox.errors import ApiError
from sandbox.models import Document
from sandbox.objects import events, store
from sandbox.objects.store import Json

WEEK = 7 * 24 * 3600
WARNING = "warning_"  # how the states of an inquiry begin: it takes no money
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")


@transaction.atomic
def open_for(intent_key: str, *, inquiry: bool = False) -> Document:
    """Dispute a payment: the bank takes the money back at once and asks questions later.

    An inquiry is the other way round: it only asks, and the payment may still be refunded.
    """
    intent = store.get("payment_intent", intent_key)
    if intent.data["status"] != "succeeded":
        raise ApiError("Only a payment that succeeded can be disputed.", status=409)
    charge = store.get("charge", intent.data["latest_charge"])
    if charge.data["disputed"]:
        raise ApiError("This payment is disputed already.", status=409)
    if charge.data["refunded"]:
        raise ApiError("Nothing of this payment is left to dispute.", status=409)
    shape = _shape(charge)
    if inquiry:
        shape |= {"status": "warning_needs_response", "is_charge_refundable": True}
        shape["payment_method_details"]["card"]["case_type"] = "inquiry"
        dispute = store.put(shape)
        events.record("charge.dispute.created", dispute)
        return dispute
    charge.data["disputed"] = True
    charge.save()
    shape["balance_transactions"] = [_movement(shape, -shape["amount"])]
    dispute = store.put(shape)
    events.record("charge.dispute.created", dispute)
    events.record("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _shape(charge: Document) -> Json:
    return {
        "id": store.new_id("dp_1"),
        "object": "dispute",
        "amount": charge.data["amount"] - charge.data["amount_refunded"],
        "balance_transactions": [],
        "charge": charge.key,
        "created": store.now(),
        "currency": charge.data["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(EVIDENCE) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": store.now() + WEEK,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge.data["payment_intent"],
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": "visa",
                "case_type": "chargeback",
                "network": "visa",
                "network_reason_code": "10.4",
            },
        },
        "reason": "fraudulent",
        "status": "needs_response",
    }


def _movement(dispute: Json, amount: int) -> Json:
    """Money that leaves the account or comes back to it because of a dispute."""
    return {
        "id": store.new_id("txn_1"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": store.now(),
        "balance_type": "payments",
        "created": store.now(),
        "currency": dispute["currency"],
        "description": f"Dispute of {dispute['charge']}",
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": "dispute" if amount < 0 else "dispute_reversal",
        "source": dispute["id"],
        "status": "available",
        "type": "adjustment",
    }


EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy",
    "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication",
    "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
    "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id",
    "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address",
    "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
    "uncategorized_file", "uncategorized_text",
)  # fmt: skip


@transaction.atomic
def close(key: str, *, won: bool) -> Document:
    """The bank decides. Won brings the money back; lost brings nothing more."""
    dispute = store.get("dispute", key, "dispute")
    if dispute.data["status"] not in OPEN:
        raise ApiError("This dispute is already closed.", code="dispute_already_closed")
    if dispute.data["status"].startswith(WARNING):
        return _close_inquiry(dispute, won=won)
    dispute.data["status"] = "won" if won else "lost"
    if won:
        back = _movement(dispute.data, dispute.data["amount"])
        dispute.data["balance_transactions"].append(back)
    dispute.save()
    events.record("charge.dispute.closed", dispute)
    if won:
        events.record("charge.dispute.funds_reinstated", dispute)
    return dispute


def _close_inquiry(dispute: Document, *, won: bool) -> Document:
    if not won:
        raise ApiError("An inquiry took no money, so it cannot be lost.", status=409)
    dispute.data["status"] = "warning_closed"
    dispute.save()
    events.record("charge.dispute.closed", dispute)
    return dispute


@transaction.atomic
def update(key: str, params: Json) -> Document:
    """Answer the bank: evidence, and whether to submit it."""
    dispute = store.get("dispute", key, "dispute")
    if dispute.data["status"] not in OPEN:
        raise ApiError("This dispute is already closed.", code="dispute_already_closed")
    evidence = params.get("evidence") or {}
    dispute.data["evidence"] |= evidence
    dispute.data["metadata"] = store.merged(dispute.data["metadata"], params.get("metadata"))
    details = dispute.data["evidence_details"]
    details["has_evidence"] = details["has_evidence"] or bool(evidence)
    if params.get("submit", True) and evidence:
        warning = WARNING if dispute.data["status"].startswith(WARNING) else ""
        dispute.data["status"] = f"{warning}under_review"
        details["submission_count"] += 1
        details["submission_method"] = "manual"
    dispute.save()
    events.record("charge.dispute.updated", dispute)
    return dispute
