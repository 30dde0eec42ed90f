"""Webhook endpoints: those the API makes, and one default that flags and control API set."""

from django.db import transaction

from sandbox import settings
from sandbox.models import Document
from sandbox.objects import store
from sandbox.objects.store import Json

DEFAULT = "we_default"


@transaction.atomic
def create(params: Json) -> Document:
    """An endpoint with a secret of its own, which only this answer shows."""
    return _put(
        store.new_id("we_1"),
        params["url"],
        store.new_id("whsec_", 32),
        params["enabled_events"],
        params.get("description") or None,
        params.get("metadata") or {},
    )


@transaction.atomic
def set_default(url: str, secret: str) -> None:
    """Send every event there from now on; an empty address means nowhere."""
    Document.objects.filter(kind="webhook_endpoint", key=DEFAULT).delete()
    if url:
        _put(DEFAULT, url, secret, ["*"], "The shop", {})


def delete(key: str) -> Json:
    """Send nothing there any more."""
    store.get("webhook_endpoint", key, "webhook_endpoint").delete()
    return {"id": key, "object": "webhook_endpoint", "deleted": True}


def _put(
    key: str, url: str, secret: str, wanted: list[str], description: str | None, metadata: Json
) -> Document:
    data = {
        "id": key,
        "object": "webhook_endpoint",
        "api_version": settings.API_VERSION,
        "application": None,
        "created": store.now(),
        "description": description,
        "enabled_events": wanted,
        "livemode": False,
        "metadata": metadata,
        "status": "enabled",
        "url": url,
    }
    return store.put(data, private={"secret": secret})
