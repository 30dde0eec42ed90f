"""Sums over rows and their children, as the database counts them; rows in chunks."""

from collections.abc import Iterator
from typing import Any

from django.db.models import DecimalField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round

CHUNK = 1000
MONEY: DecimalField = DecimalField(max_digits=14, decimal_places=3)


def each(rows: QuerySet[Any]) -> Iterator[Any]:
    """The rows, in chunks: there may be more than memory holds."""
    return rows.order_by("pk").iterator(chunk_size=CHUNK)


def sums(rows: Any, field: str, parent: str) -> Any:
    """The sum of `field` over a row's children; 0 without any."""
    of_children = Subquery(summed(rows.all(), field, **{parent: OuterRef("pk")}))
    return exact(Coalesce(of_children, Value(0), output_field=MONEY))


def exact(amount: Any) -> Any:
    """A computed amount as it would be stored: SQLite computes in binary fractions."""
    return Round(amount, precision=3, output_field=MONEY)


def summed(rows: Any, field: str, **where: Any) -> Any:
    """A subquery of the sum of `field` over the rows of one parent, named by `where`."""
    (parent,) = where
    mine = rows.filter(**where).order_by().values(parent)
    return mine.annotate(sum=Sum(field)).values("sum")
