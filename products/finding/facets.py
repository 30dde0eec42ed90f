"""How many products each further choice would leave."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, QuerySet

from ..models import CategoryPage, ListedOption
from .filtering import Filters
from .matching import COUNTED, Rows, Sample, narrowed, sample

MOST_SHOWN = 30  # values of one option

_MEASURE = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)?)\s*(?P<kilo>kg|l|m)?\b")


@dataclass(frozen=True)
class Choice:
    """One box to tick: the parameter's value, its words, how many products have it."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """The boxes of one group; they are alternatives."""

    parameter: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Facets:
    """What a list can be narrowed by. Counts are exact, or at least so many if not `is_exact`.

    The lowest and the highest price are None where not all were read.
    """

    categories: list[Choice]
    options: list[Facet]
    lowest: Decimal | None
    highest: Decimal | None
    available: int
    is_exact: bool


def count(
    rows: Rows, filters: Filters, shelves: Mapping[str, CategoryPage], found: Sample
) -> Facets:
    """The facets of a list whose matches are `found`.

    A group that is narrowed already is counted without its own filter: what else could be chosen.
    One query for the options, and one or two more for each such group.
    """

    def without(group: str, *, is_narrowed: bool) -> Sample:
        if not is_narrowed:
            return found
        return sample(narrowed(rows, filters, shelves, but=group), columns=COUNTED)

    by_category = without("category", is_narrowed=bool(filters.categories))
    by_price = without("price", is_narrowed=bool(filters.price_from or filters.price_to))
    by_option = {name: without(f"option:{name}", is_narrowed=True) for name in filters.option_names}
    priced = by_price.matches if by_price.is_complete else []
    prices = [each.price for each in priced if each.price is not None]
    samples = (found, by_category, by_price, *by_option.values())
    return Facets(
        categories=_categories(by_category, filters, shelves),
        options=_options(found, by_option, filters),
        lowest=min(prices, default=None),
        highest=max(prices, default=None),
        available=sum(each.is_available for each in found.matches),
        is_exact=all(each.is_complete for each in samples),
    )


def _categories(
    found: Sample, filters: Filters, shelves: Mapping[str, CategoryPage]
) -> list[Choice]:
    """In the order of the tree; those that hold nothing are left out, unless they are chosen.

    What holds nothing of a sample may hold something all the same.
    """
    lengths = {len(shelf.path) for shelf in shelves.values()}
    counts = Counter(each.path[:length] for each in found.matches for length in lengths)
    return [
        Choice(slug, shelf.title, counts[shelf.path], slug in filters.categories)
        for slug, shelf in shelves.items()
        if counts[shelf.path] or slug in filters.categories or not found.is_complete
    ]


def _options(found: Sample, by_option: Mapping[str, Sample], filters: Filters) -> list[Facet]:
    counts = _counts(found, filters)
    for name, others in by_option.items():
        chosen = dict.fromkeys(filters.values_of(name), 0)
        counts[name] = chosen | _counts(others, filters).get(name, {})
    return [
        Facet("option", name, _choices(name, counts[name], filters.values_of(name)))
        for name in sorted(counts)
    ]


def _counts(found: Sample, filters: Filters) -> dict[str, dict[str, int]]:
    """By option and value: how many of these products come in it."""
    options = _of([each.page_id for each in found.matches])
    if filters.only_available:
        options = options.filter(is_available=True)
    counts: dict[str, dict[str, int]] = {}
    rows = options.values_list("name", "value").annotate(products=Count("pk")).order_by()
    for name, value, products in rows:
        counts.setdefault(name, {})[value] = products
    return counts


def _of(page_ids: list[int]) -> QuerySet[ListedOption]:
    if connection.vendor == "postgresql":
        # As one value: to hand them over one by one takes longer than to count their options.
        return ListedOption.objects.extra(where=["listed_id = ANY(%s)"], params=[page_ids])
    return ListedOption.objects.filter(listed__in=page_ids)


def _choices(name: str, counts: Mapping[str, int], chosen: list[str]) -> list[Choice]:
    """The most frequent values, small ones first."""
    frequent = sorted(counts, key=lambda value: (value not in chosen, -counts[value], value))
    return [
        Choice(f"{name}:{value}", value, counts[value], value in chosen)
        for value in sorted(frequent[:MOST_SHOWN], key=_by_measure)
    ]


def _by_measure(value: str) -> tuple[bool, Decimal, str]:
    """Measures by size, "1 kg" behind "500 g", then words by the alphabet."""
    if not (measure := _MEASURE.match(value)):
        return (True, Decimal(0), value)
    number = Decimal(measure["number"].replace(",", "."))
    return (False, number * 1000 if measure["kilo"] else number, value)
