"""A list of products as its address asks for it: narrowed, sorted, counted, one page of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import F
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from ..models import CategoryPage
from . import facets
from .facets import Facets
from .filtering import Filters
from .matching import MOST, Match, Rows, Sample, narrowed, sample

PER_PAGE = 24

Order = Callable[[Match], tuple[Any, ...]]


@dataclass(frozen=True)
class Sort:
    """One order of a list, in words, for the database and for matches that are here already."""

    label: Any
    columns: list[Any]
    key: Order


# What `?sort=` may say. The first is a category's default.
SORTS = {
    "position": Sort(_("Recommended"), ["path"], lambda row: (row.path,)),
    "newest": Sort(
        _("Newest"),
        ["-published_at", "path"],
        lambda row: (-row.published_at.timestamp(), row.path),
    ),
    "price": Sort(
        _("Price, low to high"),
        [F("price").asc(nulls_last=True), "path"],
        lambda row: (row.price is None, row.price or 0, row.path),
    ),
    "-price": Sort(
        _("Price, high to low"),
        [F("price").desc(nulls_last=True), "path"],
        lambda row: (row.price is None, -(row.price or 0), row.path),
    ),
    "name": Sort(_("Name"), ["title", "path"], lambda row: (row.title, row.path)),
}


@dataclass(frozen=True)
class Found:
    """One page of a list. `total` is how many match, or `MOST` if more do."""

    page: Page[int]  # of keys of product pages
    total: int
    is_complete: bool
    facets: Facets


def find(
    everything: Rows,
    filters: Filters,
    shelves: Mapping[str, CategoryPage],
    *,
    sort: str,
    number: str,
    relevance: Callable[[Sample], list[int]] | None = None,
) -> Found:
    """Page `number` of what the filters leave of `everything`, in the order of `SORTS[sort]`.

    Or in the order of the keys that `relevance` gives. `shelves`: the categories right below, by
    slug. Http404 for a page that is not there.
    """
    rows = narrowed(everything, filters, shelves)
    found = sample(rows)
    if relevance:
        paginator = Paginator(relevance(found), PER_PAGE)
    elif found.is_complete:
        best = sorted(found.matches, key=SORTS[sort].key)
        paginator = Paginator([each.page_id for each in best], PER_PAGE)
    else:
        # So many match that the first of them are soon met in the order of the index.
        keys = rows.order_by(*SORTS[sort].columns).values_list("pk", flat=True)
        paginator = Paginator(keys, PER_PAGE)
        paginator.count = MOST
    return Found(
        page=_page(paginator, number),
        total=paginator.count,
        is_complete=found.is_complete,
        facets=facets.count(everything, filters, shelves, found),
    )


def _page(paginator: "Paginator[int]", number: str) -> Page[int]:
    try:
        return paginator.page(number)
    except InvalidPage as error:
        raise Http404 from error
