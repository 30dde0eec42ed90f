"""The life of a checkout session: open until paid, or expired by time or by call."""

from django.db import transaction

from sandbox.errors import ApiError
from sandbox.models import Document
from sandbox.objects import coupons, events, parts, store
from sandbox.objects.store import Json


@transaction.atomic
def update(session: Document, params: Json) -> Document:
    """Change what may still be changed: the metadata."""
    session.data["metadata"] = store.merged(session.data["metadata"], params.get("metadata"))
    session.save()
    return session


def require_open(session: Document, verb: str) -> None:
    """Only an open session can be paid or expired."""
    if session.data["status"] != "open":
        raise ApiError(
            f'Only Checkout Sessions with a status in ["open"] can be {verb}. This Checkout '
            f"Session has a status of `{session.data['status']}`."
        )


@transaction.atomic
def expire(key: str) -> Document:
    """End an open session by call."""
    session = expire_if_due(store.get("checkout.session", key, "session"))
    require_open(session, "expired")
    _end(session)
    return session


def fresh(key: str) -> Document:
    """The session as it is now: one whose time is over has expired, seen by anybody or not."""
    session = store.get("checkout.session", key, "session")
    if not _is_over(session):
        return session
    with transaction.atomic():
        return expire_if_due(store.get("checkout.session", key, "session"))


@transaction.atomic
def run_out(key: str) -> Document:
    """Let the time of an open session be over; who looks next finds it expired."""
    session = store.get("checkout.session", key, "session")
    require_open(session, "expired")
    session.data["expires_at"] = store.now()
    session.due_at = session.data["expires_at"]
    session.save()
    return session


def expire_if_due(session: Document) -> Document:
    """End the session if its time is over and nobody paid. Call it inside a transaction."""
    if _is_over(session):
        _end(session)
    return session


def _is_over(session: Document) -> bool:
    return session.data["status"] == "open" and session.data["expires_at"] <= store.now()


def _end(session: Document) -> None:
    session.data |= {"status": "expired", "url": None}
    session.due_at = None
    session.save()
    _cancel_payment(session)
    events.record("checkout.session.expired", session)


def _cancel_payment(session: Document) -> None:
    if session.data["payment_intent"] is None:
        return
    intent = store.get("payment_intent", session.data["payment_intent"])
    intent.data |= {
        "status": "canceled",
        "canceled_at": store.now(),
        "cancellation_reason": "automatic",
        "next_action": None,
    }
    intent.save()
    events.record("payment_intent.canceled", intent)


def complete(session: Document, *, payment_status: str, email: str, name: str) -> None:
    """The buyer is done. `payment_status` is unpaid while the money is under way."""
    session.data |= {
        "status": "complete",
        "payment_status": payment_status,
        "url": None,
        "customer_details": parts.customer_details(email, name),
    }
    session.due_at = None
    session.save()
    for entry in session.data["discounts"]:
        coupons.redeem(entry["coupon"])
    events.record("checkout.session.completed", session)
