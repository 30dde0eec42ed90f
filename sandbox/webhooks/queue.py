"""What is owed to whom: one row per event and endpoint, written with the event itself."""

import threading
import time

from django.db import transaction

from sandbox.models import Delivery, Document
from sandbox.webhooks import modes

State = Delivery.State
# In reorder mode events are gathered this long, in seconds, and sent newest first.
GATHER = 1.0
# Seconds until the next try; the last one repeats until three days have passed.
BACK_OFF = (1, 5, 30, 120, 600, 3600)
GIVE_UP_AFTER = 3 * 24 * 3600 // BACK_OFF[-1]

# Wakes the sender. It may be set too often; never too seldom.
wake = threading.Event()


def wanting(event_type: str) -> list[Document]:
    """The endpoints that asked for events of this type."""
    endpoints = Document.objects.filter(kind="webhook_endpoint", data__status="enabled")
    return [
        endpoint
        for endpoint in endpoints
        if {"*", event_type} & set(endpoint.data["enabled_events"])
    ]


def enqueue(event: str, payload: str, endpoints: list[Document]) -> None:
    """Owe the event to each endpoint, in the way the mode says."""
    mode = modes.current()
    state = {
        modes.DROP: State.DROPPED, modes.HOLD: State.HELD, modes.REORDER: State.GATHERING
    }.get(mode.mode, State.PENDING)  # fmt: skip
    wait = mode.delay_ms / 1000 + (GATHER if mode.mode == modes.REORDER else 0)
    copies = 2 if mode.mode == modes.DUPLICATE else 1
    Delivery.objects.bulk_create(
        Delivery(
            event=event,
            endpoint=endpoint.key,
            payload=payload,
            state=state,
            due_at=time.time() + wait,
        )
        for endpoint in endpoints
        for _ in range(copies)
    )
    transaction.on_commit(wake.set)


def release() -> int:
    """Let go of what is held; how many deliveries that was."""
    count = Delivery.objects.filter(state=State.HELD).update(
        state=State.PENDING, due_at=time.time()
    )
    wake.set()
    return count


def due(at: float) -> list[Delivery]:
    """What has to be sent now, in the order of sending."""
    gathering = Delivery.objects.filter(state=State.GATHERING)
    # The window closes for all at once, so that the order is really reversed.
    if gathering.filter(due_at__lte=at).exists():
        batch = list(gathering.order_by("-pk"))
        gathering.filter(pk__in=[delivery.pk for delivery in batch]).update(state=State.PENDING)
        return batch
    return list(Delivery.objects.filter(state=State.PENDING, due_at__lte=at).order_by("pk"))


def next_due() -> float | None:
    """When something has to be sent next."""
    waiting = Delivery.objects.filter(state__in=[State.PENDING, State.GATHERING])
    first = waiting.order_by("due_at").first()
    return first.due_at if first else None


def taken(delivery: Delivery) -> None:
    """The endpoint said 2xx."""
    _after_try(delivery, State.DELIVERED, delivery.due_at)
    event = Document.objects.filter(kind="event", key=delivery.event).first()
    if event and event.data["pending_webhooks"]:
        event.data["pending_webhooks"] -= 1
        event.save(update_fields=["data"])


def refused(delivery: Delivery, at: float) -> None:
    """The endpoint said something else, or nothing: try again later, at last give up."""
    wait = BACK_OFF[min(delivery.tries, len(BACK_OFF) - 1)]
    state = State.GIVEN_UP if delivery.tries >= GIVE_UP_AFTER else State.PENDING
    _after_try(delivery, state, at + wait)


def _after_try(delivery: Delivery, state: str, due_at: float) -> None:
    # An update, not a save: a reset may have removed the row while it was being sent.
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, due_at=due_at, tries=delivery.tries + 1
    )
