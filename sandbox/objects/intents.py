"""Payment intents: made when the buyer starts to pay, kept over every try."""

from sandbox.models import Document
from sandbox.objects import events, store
from sandbox.objects.store import Json


def of_session(session: Document) -> Document:
    """The intent of a session; the first try makes it."""
    if session.data["payment_intent"]:
        return store.get("payment_intent", session.data["payment_intent"])
    intent = store.put(_shape(session))
    session.data["payment_intent"] = intent.key
    session.save()
    events.record("payment_intent.created", intent)
    return intent


def _shape(session: Document) -> Json:
    key = store.new_id("pi_3")
    asked = session.private["payment_intent_data"]
    return dict.fromkeys(EMPTY) | {
        "id": key,
        "object": "payment_intent",
        "amount": session.data["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": asked.get("capture_method", "automatic_async"),
        "client_secret": store.new_id(f"{key}_secret_"),
        "confirmation_method": "automatic",
        "created": store.now(),
        "currency": session.data["currency"],
        "description": asked.get("description"),
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": asked.get("metadata") or {},
        "payment_method_options": {},
        "payment_method_types": session.data["payment_method_types"],
        "receipt_email": asked.get("receipt_email"),
        "shipping": asked.get("shipping"),
        "statement_descriptor": asked.get("statement_descriptor"),
        "statement_descriptor_suffix": asked.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
    }


EMPTY = (
    "allowed_payment_method_types", "application", "application_fee_amount",
    "automatic_payment_methods", "canceled_at", "cancellation_reason", "customer",
    "customer_account", "excluded_payment_method_types", "last_payment_error", "latest_charge",
    "next_action", "on_behalf_of", "payment_method", "payment_method_configuration_details",
    "payment_record", "processing", "review", "setup_future_usage", "source", "transfer_data",
    "transfer_group",
)  # fmt: skip


def succeeded(intent: Document, charge: Document) -> None:
    """The money is there."""
    intent.data |= {
        "status": "succeeded",
        "amount_received": intent.data["amount"],
        "latest_charge": charge.key,
        "last_payment_error": None,
        "next_action": None,
        "processing": None,
    }
    intent.save()
    events.record("payment_intent.succeeded", intent)


def processing(intent: Document, charge: Document) -> None:
    """The bank will tell, in days."""
    intent.data |= {
        "status": "processing",
        "latest_charge": charge.key,
        "last_payment_error": None,
        "next_action": None,
    }
    intent.save()
    events.record("payment_intent.processing", intent)


def failed(intent: Document, error: Json, charge: Document | None) -> None:
    """This try failed; another card may be tried."""
    intent.data |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": error,
        "next_action": None,
        "processing": None,
    }
    if charge:
        intent.data["latest_charge"] = charge.key
        error["charge"] = charge.key
    intent.save()
    events.record("payment_intent.payment_failed", intent)


def asks_buyer(intent: Document, url: str) -> None:
    """The bank wants to see the buyer at `url`."""
    intent.data |= {
        "status": "requires_action",
        "last_payment_error": None,
        "next_action": {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": url, "return_url": None},
        },
    }
    intent.save()
    events.record("payment_intent.requires_action", intent)
