"""The two threads beside the web server: one sends webhooks, one watches the clock."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import transaction

from sandbox.models import Document
from sandbox.objects import refunds, sessions
from sandbox.webhooks import queue, sending

log = logging.getLogger(__name__)
TICK = 0.5  # seconds between looks at the clock
# What time alone does to an object.
RIPEN: dict[str, Callable[[Document], object]] = {
    "checkout.session": sessions.expire_if_due,
    "refund": refunds.settle,
}


def start() -> None:
    """Start both; they end with the process."""
    for work in (_send_forever, _tick_forever):
        threading.Thread(target=work, name=work.__name__, daemon=True).start()


def settle_due(at: float) -> int:
    """Do what was due by then; how many objects that touched."""
    rows = Document.objects.filter(due_at__lte=at).order_by("due_at")
    return sum(settle_one(row.pk) for row in rows)


@transaction.atomic
def settle_one(pk: int) -> bool:
    """Do what time does to this object, unless it was done meanwhile."""
    document = Document.objects.filter(pk=pk, due_at__isnull=False).first()
    if document is None:
        return False
    RIPEN[document.kind](document)
    return True


def _tick_forever() -> None:
    while True:
        time.sleep(TICK)
        _survive(lambda: settle_due(time.time()))


def _send_forever() -> None:
    while True:
        _survive(_send_round)


def _send_round() -> None:
    queue.wake.clear()
    for delivery in queue.due(time.time()):
        _deliver(delivery)
    upcoming = queue.next_due()
    queue.wake.wait(max(0, upcoming - time.time()) if upcoming else 60)


def _deliver(delivery: "queue.Delivery") -> None:
    event = Document.objects.filter(kind="event", key=delivery.event).first()
    endpoint = Document.objects.filter(kind="webhook_endpoint", key=delivery.endpoint).first()
    if event is None or endpoint is None:
        delivery.delete()
        return
    result = sending.send(sending.pack(event, endpoint))
    with transaction.atomic():
        if not queue.Delivery.objects.filter(pk=delivery.pk).exists():
            return  # forgotten by a reset while it was under way
        result.save()
        if 200 <= result.status < 300:
            queue.taken(delivery)
        else:
            queue.refused(delivery, time.time())


def _survive(work: Callable[[], object]) -> None:
    """A thread that dies of one bad object would take every later delivery with it."""
    try:
        work()
    except Exception:
        log.exception("background work failed")
        time.sleep(1)
