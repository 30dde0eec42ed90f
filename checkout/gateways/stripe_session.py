"""A Checkout Session in both directions: our order as its parameters, its state in our words."""

from datetime import UTC, datetime
from typing import Any

from ..models import PaymentAttempt
from . import stripe_items
from .protocol import Notification, Payment, Start, Status, Urls

# The events the shop follows up; Stripe lists at most twenty kinds at once.
KINDS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.payment_failed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)


def parameters(attempt: PaymentAttempt, urls: Urls) -> dict[str, Any]:
    """What creates the session: a pure function of the stored attempt and its order.

    Stripe refuses the same idempotency key with other parameters, so nothing here may depend on
    the clock or on settings that change.
    """
    order = attempt.order
    names = {"order": order.number, "attempt": str(attempt.key)}
    return {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "client_reference_id": order.number,
        **({"customer_email": order.email} if order.email.isascii() else {}),
        "locale": order.language,
        **stripe_items.charges(attempt),
        "success_url": urls.success,
        "cancel_url": urls.cancel,
        "expires_at": int(attempt.expires_at.timestamp()),
        "adaptive_pricing": {"enabled": False},
        "metadata": names,
        # The intent is made only when the buyer starts to pay; its events carry these too.
        "payment_intent_data": {"description": f"Order {order.number}", "metadata": names},
    }


def start(session: Any) -> Start:
    """The session as a page to send the shopper to."""
    return Start(
        reference=session.id,
        url=session.url or "",
        amount_minor=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        livemode=session.livemode,
    )


def is_of(session: Any, attempt: PaymentAttempt) -> bool:
    """Whether the session was made for this attempt."""
    return _attempt_key(session) == str(attempt.key)


def status(session: Any) -> Status:
    """The session, with its intent and charge expanded, in our words."""
    intent = session.payment_intent
    return Status(
        payment=_payment(session, intent),
        attempt_key=_attempt_key(session),
        reference=session.id,
        payment_reference=intent.id if intent else "",
        amount_minor=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        livemode=session.livemode,
        method=_method(intent.latest_charge) if intent else "",
    )


def _attempt_key(session: Any) -> str:
    names = session.metadata
    return str(names["attempt"]) if names and "attempt" in names else ""


def _payment(session: Any, intent: Any) -> Payment:
    if session.status == "expired":
        return Payment.EXPIRED
    if session.status != "complete":
        return Payment.OPEN
    # Complete does not mean paid: a bank debit takes days, and may fail.
    if session.payment_status in ("paid", "no_payment_required"):
        return Payment.PAID
    if intent and intent.status in ("requires_payment_method", "canceled"):
        return Payment.FAILED
    return Payment.PENDING


def _method(charge: Any) -> str:
    """How it was paid, for people: "Visa •••• 4242"."""
    details = charge.payment_method_details if charge else None
    if not details:
        return ""
    if details.type == "card" and details.card:
        return f"{(details.card.brand or 'card').title()} •••• {details.card.last4}"
    return str(details.type).replace("_", " ").capitalize()


def notification(event: dict[str, Any]) -> Notification:
    """A verified event, and which of our payments it may be about."""
    subject = event["data"]["object"]
    kind = subject["object"]
    if kind == "checkout.session":
        reference, payment = subject["id"], subject.get("payment_intent")
    elif kind == "payment_intent":
        reference, payment = "", subject["id"]
    else:
        reference, payment = "", subject.get("payment_intent")
    return Notification(
        event_id=event["id"],
        kind=event["type"][:80],
        created_at=datetime.fromtimestamp(event["created"], UTC),
        livemode=bool(event.get("livemode")),
        payload=event,
        reference=reference[:255],
        payment_reference=payment if isinstance(payment, str) else "",
        attempt_key=str((subject.get("metadata") or {}).get("attempt", ""))[:255],
        account=str(event.get("account") or "")[:255],
    )
