"""Forgetting the buyer in old events: names and amounts of payments stay, people go."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..models import ProviderEvent

KEPT_FOR = timedelta(days=90)
AT_ONCE = 500
# The provider's and our own names of things, moments, amounts and states. Everything else goes.
KEPT = frozenset(
    {
        "id", "object", "type", "api_version", "created", "livemode", "account",
        "amount", "amount_total", "amount_subtotal", "amount_refunded", "amount_captured",
        "amount_received", "currency", "status", "payment_status", "mode", "refunded", "disputed",
        "reason", "failure_reason", "failure_code", "charge", "payment_intent", "latest_charge",
        "client_reference_id", "expires_at",
    }
)  # fmt: skip
NESTED = frozenset({"data", "object", "metadata"})
OUR_NAMES = frozenset({"order", "attempt", "refund"})


def scrub(*, at: datetime) -> int:
    """Scrub what is older than ninety days and followed up. Returns how many events."""
    old = ProviderEvent.objects.filter(received_at__lte=at - KEPT_FOR, scrubbed_at=None)
    done = old.exclude(state=ProviderEvent.State.RECEIVED).order_by("pk")
    count = 0
    while batch := list(done[:AT_ONCE]):
        for event in batch:
            event.payload, event.scrubbed_at, event.last_error = scrubbed(event.payload), at, ""
        ProviderEvent.objects.bulk_update(batch, ["payload", "scrubbed_at", "last_error"])
        count += len(batch)
    return count


def scrubbed(payload: Mapping[str, Any]) -> dict[str, Any]:
    """`payload` without anything that could tell who paid."""
    kept: dict[str, Any] = {}
    for name, value in payload.items():
        if name == "metadata" and isinstance(value, Mapping):
            kept[name] = {key: value[key] for key in OUR_NAMES & value.keys()}
        elif name in NESTED and isinstance(value, Mapping):
            kept[name] = scrubbed(value)
        elif name in KEPT and isinstance(value, (str, int, float, bool)):
            kept[name] = value
    return kept
