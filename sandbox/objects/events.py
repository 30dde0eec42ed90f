"""Events: a snapshot of an object, written in the transaction that changed it."""

import contextlib
import contextvars
import json
from collections.abc import Iterator

from sandbox import settings
from sandbox.models import Document
from sandbox.objects import store
from sandbox.webhooks import queue

_cause: contextvars.ContextVar[store.Json | None] = contextvars.ContextVar("cause", default=None)


@contextlib.contextmanager
def caused_by(request_id: str, idempotency_key: str | None) -> Iterator[None]:
    """Events recorded inside name this request as their cause."""
    token = _cause.set({"id": request_id, "idempotency_key": idempotency_key})
    try:
        yield
    finally:
        _cause.reset(token)


def record(kind: str, subject: Document) -> Document:
    """Write an event such as `refund.created` and queue it for every endpoint that wants it."""
    endpoints = queue.wanting(kind)
    event = {
        "id": store.new_id("evt_1"),
        "object": "event",
        "api_version": settings.API_VERSION,
        "created": store.now(),
        "data": {"object": store.shown(subject)},
        "livemode": False,
        "pending_webhooks": len(endpoints),
        "request": _cause.get() or {"id": None, "idempotency_key": None},
        "type": kind,
    }
    # The bytes are fixed here: whoever sends the event again sends the same ones.
    payload = json.dumps(event, indent=2, ensure_ascii=False)
    document = store.put(event, private={"payload": payload})
    queue.enqueue(document.key, payload, endpoints)
    return document
