"""How a bank debit ends, days after the session was completed."""

from django.db import transaction

from sandbox.errors import ApiError
from sandbox.models import Document
from sandbox.objects import events, intents, store


@transaction.atomic
def finish(key: str, *, succeeded: bool) -> Document:
    """Let the money of a completed, unpaid session arrive or fail."""
    session = store.get("checkout.session", key)
    intent_key = session.data["payment_intent"]
    intent = store.get("payment_intent", intent_key) if intent_key else None
    if intent is None or intent.data["status"] != "processing":
        raise ApiError("No bank debit of this session is under way.", status=409)
    charge = store.get("charge", intent.data["latest_charge"])
    if succeeded:
        _arrive(session, intent, charge)
    else:
        _fail(session, intent, charge)
    return session


def _arrive(session: Document, intent: Document, charge: Document) -> None:
    charge.data |= {
        "status": "succeeded",
        "paid": True,
        "captured": True,
        "amount_captured": charge.data["amount"],
    }
    charge.save()
    events.record("charge.succeeded", charge)
    intents.succeeded(intent, charge)
    session.data["payment_status"] = "paid"
    session.save()
    events.record("checkout.session.async_payment_succeeded", session)


def _fail(session: Document, intent: Document, charge: Document) -> None:
    message = "The bank returned the debit: insufficient funds."
    charge.data |= {
        "status": "failed",
        "paid": False,
        "failure_code": "insufficient_funds",
        "failure_message": message,
    }
    charge.save()
    events.record("charge.failed", charge)
    error = {"type": "card_error", "code": "payment_intent_payment_attempt_failed",
             "message": message}  # fmt: skip
    intents.failed(intent, error, charge)
    events.record("checkout.session.async_payment_failed", session)
