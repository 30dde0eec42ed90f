"""Asking the provider for what it said and we never heard."""

from datetime import datetime, timedelta

from django.db.models import Max

from .. import gateways
from ..models import ProviderEvent
from . import inbox

DAY = timedelta(days=1)
REMEMBERED = timedelta(days=30)  # as long as providers list their events


def catch_up(gateway: str, *, at: datetime) -> int:
    """Write down the events that were never delivered. Returns how many. Raises GatewayUnavailable.

    Back to the last delivery, and a day at least: hours in which nothing arrived are covered too.
    """
    known = ProviderEvent.objects.filter(gateway=gateway)
    delivered = known.filter(by_webhook=True)
    last = delivered.aggregate(last=Max("received_at"))["last"] or at - REMEMBERED
    notes = list(gateways.get(gateway).recent(max(min(last, at - DAY), at - REMEMBERED)))
    names = known.filter(event_id__in=[note.event_id for note in notes])
    heard = set(names.values_list("event_id", flat=True))
    missed = [note for note in notes if note.event_id not in heard]
    # Oldest first, as they would have come.
    missed.sort(key=lambda note: note.created_at)
    return inbox.receive(gateway, missed, at=at, by_webhook=False)
