"""Cursor lists: newest first, a page at a time."""

from typing import Any

from django.db.models import QuerySet

from sandbox.errors import InvalidParameter
from sandbox.models import Delivery, Document
from sandbox.objects import store
from sandbox.objects.store import Json

# Parameters that mean "whose field has this value".
EQUAL = (
    "payment_intent", "charge", "status", "customer", "customer_account", "payment_link",
    "subscription", "transfer_group",
)  # fmt: skip


def page(kind: str, params: Json, url: str) -> Json:
    """One page of the objects of a kind."""
    where = {name: params[name] for name in EQUAL if name in params}
    rows = store.find(kind, **where)
    email = params.get("customer_details", {}).get("email")
    if email:
        rows = rows.filter(data__customer_details__email=email)
    if "created" in params:
        rows = _created(rows, params["created"])
    if kind == "event":
        rows = _events(rows, params)
    return cut(rows, params, url)


def cut(rows: QuerySet[Document], params: Json, url: str) -> Json:
    """The page that the cursors point at."""
    limit = params.get("limit", 10)
    ascending = rows.query.order_by == ("seq",)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise InvalidParameter(
            "You may only specify one of these parameters: ending_before, starting_after.",
            code="parameter_conflicting",
        )
    if after:
        rows = _beyond(rows, after, "starting_after", larger=ascending)
    if before:
        rows = _beyond(rows, before, "ending_before", larger=not ascending).reverse()
    found = [store.shown(row) for row in rows[: limit + 1]]
    has_more, found = len(found) > limit, found[:limit]
    if before:
        found.reverse()
    return {"object": "list", "data": found, "has_more": has_more, "url": url}


def _beyond(rows: QuerySet[Document], key: str, param: str, *, larger: bool) -> QuerySet[Document]:
    cursor = rows.model.objects.filter(key=key).first()
    if cursor is None:
        raise InvalidParameter(f"No such object: '{key}'", param=param, code="resource_missing")
    return rows.filter(seq__gt=cursor.seq) if larger else rows.filter(seq__lt=cursor.seq)


def _created(rows: QuerySet[Document], wanted: Any) -> QuerySet[Document]:
    if isinstance(wanted, int):
        return rows.filter(created=wanted)
    return rows.filter(**{f"created__{name}": value for name, value in wanted.items()})


def _events(rows: QuerySet[Document], params: Json) -> QuerySet[Document]:
    types = params.get("types") or ([params["type"]] if "type" in params else [])
    exact = [name for name in types if "*" not in name]
    if exact:
        rows = rows.filter(data__type__in=exact)
    elif types and types[0] != "*":
        rows = rows.filter(data__type__startswith=types[0].partition("*")[0])
    if "delivery_success" in params:
        owing = Delivery.objects.exclude(state=Delivery.State.DELIVERED).values("event")
        told = params["delivery_success"]
        rows = rows.exclude(key__in=owing) if told else rows.filter(key__in=owing)
    return rows
