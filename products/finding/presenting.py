"""A list as its template shows it: cards, what it can be narrowed by, and addresses to go on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page as WagtailPage

from .. import listing
from ..listing import Card
from ..models import CategoryPage
from ..money import formatted
from . import filtering, lists, matching, searching
from .executing import planned_each_time
from .facets import Facets
from .filtering import Filters
from .matching import Rows, Sample
from .searching import Asked

RELEVANCE = "relevance"
# What `?sort=` may say of each kind of list, in words. The first is the default.
CATEGORY_SORTS = {key: sort.label for key, sort in lists.SORTS.items()}
SEARCH_SORTS = {RELEVANCE: _("Best match")} | {
    key: label for key, label in CATEGORY_SORTS.items() if key != "position"
}


@dataclass(frozen=True)
class Chosen:
    """One filter that is on, and the address of the list without it."""

    label: str
    address: str


@dataclass(frozen=True)
class ShownList:
    """One page of a list. `total` is how many match, or fewer if it is not `is_complete`."""

    cards: list[Card]
    total: int
    is_complete: bool
    page: Page[int]
    page_numbers: list[int | str]
    facets: Facets
    filters: Filters
    chosen: list[Chosen]
    query: str
    sort: str
    sorts: list[tuple[str, Any]]
    is_narrowed: bool  # filtered or sorted: what another address shows too
    unfiltered: str  # address
    prefix: str  # of the addresses of its pages


def of_category(
    category: CategoryPage, shelves: Sequence[CategoryPage], parameters: QueryDict
) -> ShownList:
    """What is below a category, as the address asks for it. Http404 past the last page."""
    rows = matching.below(category)
    return _shown(rows, shelves, parameters, sorts=CATEGORY_SORTS, relevance=None)


def of_search(
    query: str,
    asked: Asked,
    root: WagtailPage,
    shelves: Sequence[CategoryPage],
    parameters: QueryDict,
    *,
    promoted: Sequence[int] = (),
) -> ShownList:
    """What answers a query below `root`; pages of `promoted` first while nothing is filtered."""

    everything = matching.below(root)

    def relevance(found: Sample) -> list[int]:
        filters = filtering.read(parameters).among(by_slug)
        best = searching.by_relevance(matching.narrowed(everything, filters, by_slug), asked, found)
        first = [] if filters else promoted
        return [*first, *(key for key in best if key not in first)]

    by_slug = {shelf.slug: shelf for shelf in shelves}
    rows = searching.answering(everything, asked)
    return _shown(rows, shelves, parameters, sorts=SEARCH_SORTS, relevance=relevance, query=query)


@planned_each_time()
def _shown(
    rows: Rows,
    shelves: Sequence[CategoryPage],
    parameters: QueryDict,
    *,
    sorts: Mapping[str, Any],
    relevance: Callable[[Sample], list[int]] | None,
    query: str = "",
) -> ShownList:
    by_slug = {shelf.slug: shelf for shelf in shelves}
    filters = filtering.read(parameters).among(by_slug)
    default = next(iter(sorts))
    # An unknown order, as in an old bookmark, is the default one.
    sort = wanted if (wanted := parameters.get("sort", "")) in sorts else default
    found = lists.find(
        rows,
        filters,
        by_slug,
        sort=sort,
        number=parameters.get("page", "1"),
        relevance=relevance if sort == RELEVANCE else None,
    )
    ordered = {} if sort == default else {"sort": sort}
    here = filtering.query_string(query, filters, **ordered)
    return ShownList(
        cards=listing.cards_of(list(found.page)),
        total=found.total,
        is_complete=found.is_complete,
        page=found.page,
        page_numbers=list(found.page.paginator.get_elided_page_range(found.page.number)),
        facets=found.facets,
        filters=filters,
        chosen=list(_chosen(query, filters, by_slug, ordered)),
        query=query,
        sort=sort,
        sorts=list(sorts.items()),
        is_narrowed=bool(filters or ordered),
        unfiltered=_address(query, Filters(), ordered),
        prefix=f"{here}&" if here else "",
    )


def _chosen(
    query: str, filters: Filters, shelves: Mapping[str, CategoryPage], ordered: dict[str, str]
) -> Iterator[Chosen]:
    for slug in filters.categories:
        without = filters.without(category=slug)
        yield Chosen(shelves[slug].title, _address(query, without, ordered))
    for name, value in filters.options:
        without = filters.without(option=(name, value))
        yield Chosen(f"{name}: {value}", _address(query, without, ordered))
    if words := _prices(filters):
        yield Chosen(words, _address(query, filters.without(price=True), ordered))
    if filters.only_available:
        yield Chosen(_now("In stock"), _address(query, filters.without(available=True), ordered))


def _prices(filters: Filters) -> str:
    """The chosen range in words: "from €10.00 to €20.00"."""
    bounds = (
        (_now("from %(amount)s"), filters.price_from),
        (_now("to %(amount)s"), filters.price_to),
    )
    currency = settings.SHOP_CURRENCY
    return " ".join(
        words % {"amount": formatted(bound, currency)}
        for words, bound in bounds
        if bound is not None
    )


def _address(query: str, filters: Filters, ordered: dict[str, str]) -> str:
    parameters = filtering.query_string(query, filters, **ordered)
    return f"?{parameters}" if parameters else "."
