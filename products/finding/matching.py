"""The rows that match, never more of them than `MOST`: that bounds what a list costs.

Up to there counts are exact. Beyond, a list says "more than", and ends after as many: nobody pages
that far, and a shopper who narrows it sees all that is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Page

from ..models import CategoryPage, ListedOption, ListedProduct
from ..showing import not_closed
from .filtering import Filters

MOST = 500

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Rows = QuerySet[ListedProduct]


class Match(NamedTuple):
    """What a row is counted under and, where it may be sorted here, sorted by."""

    page_id: int
    path: str
    price: Decimal | None
    is_available: bool
    title: str = ""
    names: str = ""
    published_at: datetime = LONG_AGO


COUNTED = Match._fields[:4]


@dataclass(frozen=True)
class Sample:
    """The rows that match, all of them or `MOST`."""

    matches: list[Match]
    is_complete: bool


def below(page: Page) -> Rows:
    """Everything that is listed below a page and that everybody may see."""
    return not_closed(ListedProduct.objects.filter(_below(page.path)))


def sample(
    rows: Rows, *, most: int | None = None, columns: tuple[str, ...] = Match._fields
) -> Sample:
    """One query. The newest ones, so that every page of a list is of the same sample.

    `columns`: all, or COUNTED; to read the others takes twice as long.
    """
    most = most or MOST
    found = list(rows.order_by("-pk").values_list(*columns)[: most + 1])
    return Sample([Match(*row) for row in found[:most]], is_complete=len(found) <= most)


def narrowed(
    rows: Rows, filters: Filters, shelves: Mapping[str, CategoryPage], *, but: str = ""
) -> Rows:
    """The rows that satisfy every filter but the group named `but`.

    Groups are "category", "price" and the names of the options as "option:Size".
    """
    if filters.categories and but != "category":
        chosen = [shelves[slug].path for slug in filters.categories]
        rows = rows.filter(Q(*map(_below, chosen), _connector=Q.OR))
        # Said once more, for the index: it passes over what stands before the first of them.
        rows = rows.filter(path__gt=min(chosen), path__lte=max(chosen) + "Z" * Page.steplen)
    if but != "price":
        rows = _within(rows, filters)
    if filters.only_available:
        rows = rows.filter(is_available=True)
    for name in filters.option_names:
        if but != f"option:{name}":
            rows = rows.filter(_comes_in(name, filters))
    return rows


def _below(path: str) -> Q:
    """A range, as treebeard has it: unlike a prefix, it finds and sorts by the same index."""
    return Q(path__gt=path, path__lte=path + "Z" * Page.steplen)


def _within(rows: Rows, filters: Filters) -> Rows:
    if filters.price_from is not None:
        rows = rows.filter(price__gte=filters.price_from)
    if filters.price_to is not None:
        rows = rows.filter(price__lte=filters.price_to)
    return rows


def _comes_in(name: str, filters: Filters) -> Exists:
    """Some variant has one of the chosen values, and is in stock if only such are wanted."""
    options = ListedOption.objects.filter(
        listed=OuterRef("pk"), name=name, value__in=filters.values_of(name)
    )
    if filters.only_available:
        options = options.filter(is_available=True)
    return Exists(options)
