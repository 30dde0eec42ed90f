"""Refunds: given back at once, except for the cards whose refunds fail or wait."""

import time

from django.db import transaction

from sandbox import money
from sandbox.errors import ApiError
from sandbox.models import Document
from sandbox.objects import events, store
from sandbox.objects.store import Json

LATER = 2.0  # seconds until a refund that fails or waits shows its result


@transaction.atomic
def create(params: Json) -> Document:
    """Give back a part or, without an amount, all that is left."""
    charge = _charge(params)
    amount = params.get("amount", charge.data["amount"] - charge.data["amount_refunded"])
    _check(charge, amount)
    fate = charge.private.get("refund", "succeeds")
    refund = store.put(
        _shape(charge, amount, params) | {"status": "pending" if fate == "waits" else "succeeded"},
        private={"fate": fate},
        due_at=None if fate == "succeeds" else time.time() + LATER,
    )
    events.record("refund.created", refund)
    _book(charge, amount)
    events.record("charge.refunded", charge)
    return refund


def _charge(params: Json) -> Document:
    if "charge" in params:
        return store.get("charge", params["charge"], "charge")
    intent = store.get("payment_intent", params["payment_intent"], "payment_intent")
    if not intent.data["latest_charge"]:
        raise ApiError(
            "This PaymentIntent does not have a successful charge to refund.",
            param="payment_intent",
            code="payment_intent_unexpected_state",
        )
    return store.get("charge", intent.data["latest_charge"])


def _check(charge: Document, amount: int) -> None:
    data, key = charge.data, charge.key
    left = data["amount"] - data["amount_refunded"]
    if data["status"] != "succeeded":
        raise ApiError(f"Charge {key} is not succeeded and cannot be refunded.", param="charge")
    if data["disputed"]:
        raise ApiError(
            f"Charge {key} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if left == 0:
        raise ApiError(f"Charge {key} has already been refunded.", code="charge_already_refunded")
    if amount > left:
        raise ApiError(
            f"Refund amount ({money.shown(amount, data['currency'])}) is greater than unrefunded "
            f"amount on charge ({money.shown(left, data['currency'])})",
            param="amount",
        )


def _shape(charge: Document, amount: int, params: Json) -> Json:
    return {
        "id": store.new_id("re_3"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge.key,
        "created": store.now(),
        "currency": charge.data["currency"],
        "customer": None,
        "customer_account": None,
        "destination_details": {"type": charge.data["payment_method_details"]["type"]},
        "metadata": params.get("metadata") or {},
        "payment_intent": charge.data["payment_intent"],
        "payment_method": charge.data["payment_method"],
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "transfer_reversal": None,
    }


def _book(charge: Document, amount: int) -> None:
    charge.data["amount_refunded"] += amount
    charge.data["refunded"] = charge.data["amount_refunded"] == charge.data["amount"]
    charge.save()


def settle(refund: Document) -> None:
    """Time has passed: show how the refund ends."""
    refund.due_at = None
    if refund.private["fate"] == "fails":
        _fail(refund)
    else:
        refund.data["status"] = "succeeded"
        refund.save()
    events.record("refund.updated", refund)


def _fail(refund: Document) -> None:
    refund.data |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
    refund.save()
    _book(store.get("charge", refund.data["charge"]), -refund.data["amount"])
    events.record("refund.failed", refund)


@transaction.atomic
def update(refund: Document, params: Json) -> Document:
    """Only the metadata can be changed."""
    refund.data["metadata"] = store.merged(refund.data["metadata"], params.get("metadata"))
    refund.save()
    events.record("refund.updated", refund)
    return refund
