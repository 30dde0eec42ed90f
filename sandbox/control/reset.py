"""Forgetting everything but the flags of the command line."""

from django.db import transaction

from sandbox.models import (
    Delivery,
    Document,
    Fault,
    ReceivedRequest,
    Setting,
    StoredAnswer,
    Try,
)
from sandbox.objects import endpoints

_flags = ("", "")


def remember_flags(url: str, secret: str) -> None:
    """Use the endpoint of the flags, now and after every reset."""
    global _flags
    _flags = (url, secret)
    if url:
        endpoints.set_default(url, secret)


@transaction.atomic
def forget_everything() -> None:
    """An empty sandbox, as if just started on a new database."""
    for model in (Document, StoredAnswer, Delivery, Try, Fault, ReceivedRequest, Setting):
        model.objects.all().delete()
    endpoints.set_default(*_flags)
