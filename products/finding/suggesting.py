"""What somebody who is still typing may be looking for."""

from collections.abc import Sequence
from dataclasses import dataclass

from wagtail.models import Page

from ..models import CategoryPage, ProductPage
from ..showing import shown
from . import matching, searching, words

SHORTEST = 2  # characters; before that everything would match
MOST_PRODUCTS = 6
MOST_CATEGORIES = 2


@dataclass(frozen=True)
class Suggestions:
    """Pages to go to at once."""

    categories: Sequence[Page]
    products: Sequence[Page]

    def __bool__(self) -> bool:
        return bool(self.categories or self.products)


def suggestions(query: str, root: Page) -> Suggestions:
    """Categories and products below `root` whose names have these beginnings of words."""
    query = words.clean(query)
    if len(query) < SHORTEST:
        return Suggestions([], [])
    return Suggestions(_categories(query, root), _products(query, root))


def _categories(query: str, root: Page) -> list[CategoryPage]:
    below = shown(CategoryPage.objects.descendant_of(root)).filter(title__icontains=query)
    return list(below.order_by("path")[:MOST_CATEGORIES])


def _products(query: str, root: Page) -> list[ProductPage]:
    asked = searching.understood(query, shortest_beginning=1)
    if not asked:
        return []
    rows = searching.called(matching.below(root), asked)
    best = searching.by_relevance(rows, asked, matching.sample(rows))[:MOST_PRODUCTS]
    pages = shown(ProductPage.objects.filter(pk__in=best)).in_bulk()
    return [pages[key] for key in best if key in pages]
