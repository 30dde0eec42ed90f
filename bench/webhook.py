"""Taking in a provider's event, signed, each another one."""

import hashlib
import hmac
import json
import time
from uuid import uuid4

from .client import Load, post, send

SECRET = "whsec_bench"
PATH = "/payments/stripe/"


def requests(count: int) -> list[bytes]:
    """So many events of about the size Stripe sends, about pages that nobody knows."""
    return [_event() for _ in range(count)]


def take_in(port: int, events: list[bytes], *, connections: int) -> Load:
    """Deliver them; every one must be taken."""
    load = send(port, events, connections=connections)
    assert load.statuses == {200: len(events)}, load.statuses
    return load


def _event() -> bytes:
    body = json.dumps(
        {
            "id": f"evt_{uuid4().hex}",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": int(time.time()),
            "livemode": False,
            "type": "checkout.session.completed",
            "data": {
                "object": {
                    "id": f"cs_test_{uuid4().hex}",
                    "object": "checkout.session",
                    "payment_intent": f"pi_{uuid4().hex}",
                    "metadata": {"order": "7K3Q-9XMF", "attempt": str(uuid4())},
                    "amount_total": 4230,
                    "currency": "eur",
                    "payment_status": "paid",
                    "status": "complete",
                    "customer_details": {"email": "ada@example.com", "name": "Ada Lovelace"},
                    "filler": "x" * 2000,
                }
            },
        }
    ).encode()
    now = int(time.time())
    digest = hmac.new(SECRET.encode(), b"%d." % now + body, hashlib.sha256).hexdigest()
    return post(
        PATH, body, Content_Type="application/json", Stripe_Signature=f"t={now},v1={digest}"
    )
