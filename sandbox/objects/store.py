"""Documents: kept, found, numbered."""

import copy
import secrets
import string
import time
from typing import Any

from django.db.models import QuerySet

from sandbox.errors import NotFound
from sandbox.models import Document

Json = dict[str, Any]
ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """A random identifier in Stripe's style, such as `re_4fT0…`."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def now() -> int:
    """Seconds since 1970."""
    return int(time.time())


def put(
    data: Json, *, parent: str = "", private: Json | None = None, due_at: float | None = None
) -> Document:
    """Keep a new object."""
    return Document.objects.create(
        key=data["id"],
        kind=data["object"],
        parent=parent,
        created=data.get("created", now()),
        # Id and kind first, as a person wants to read it.
        data={"id": data["id"], "object": data["object"]} | data,
        private=private or {},
        due_at=due_at,
    )


def get(kind: str, key: str, param: str = "id") -> Document:
    """The object, or Stripe's 404."""
    document = Document.objects.filter(kind=kind, key=key).first()
    if document is None:
        raise NotFound(kind, key, param)
    return document


def find(kind: str, **where: Any) -> QuerySet[Document]:
    """Objects of one kind whose fields have these values, newest first."""
    fields = {f"data__{name}": value for name, value in where.items()}
    return Document.objects.filter(kind=kind, **fields).order_by("-seq")


def shown(document: Document) -> Json:
    """A copy that the caller may change without changing what is kept."""
    return copy.deepcopy(document.data)


def merged(metadata: Json, change: Json | str | None) -> Json:
    """Stripe's rule: an empty value removes one key, an empty string removes all."""
    if change is None:
        return metadata
    if isinstance(change, str):
        return {}
    return {name: value for name, value in (metadata | change).items() if value != ""}


def parts_of(key: str) -> QuerySet[Document]:
    """The line items of a session, in the order of the cart."""
    return Document.objects.filter(kind="item", parent=key).order_by("seq")
