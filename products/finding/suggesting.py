"""What somebody who is still typing may be looking for."""

from collections.abc import Sequence
from dataclasses import dataclass

from wagtail.models import Page

from ..models import CategoryPage, ProductPage
from ..showing import shown
from . import matching, searching, words
from .executing import planned_each_time

SHORTEST = 2  # characters; before that everything would match
MOST_PRODUCTS = 6
MOST_CATEGORIES = 2
MOST_READ = 100  # more letters narrow them


@dataclass(frozen=True)
class Suggestions:
    """Pages to go to at once."""

    categories: Sequence[Page]
    products: Sequence[Page]

    def __len__(self) -> int:
        return len(self.categories) + len(self.products)


@planned_each_time()
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
    rows = matching.below(root)
    found = matching.sample(searching.called(rows, asked), most=MOST_READ)
    matches = dict.fromkeys(found.matches)
    if not found.is_complete:  # what is called just that may not be among them
        name = " ".join(words.asked_for(query))
        matches.update(dict.fromkeys(matching.sample(rows.filter(title=name)).matches))
    best = sorted(matches, key=searching.relevance(asked))[:MOST_PRODUCTS]
    pages = shown(ProductPage.objects.filter(pk__in=[each.page_id for each in best])).in_bulk()
    return [pages[each.page_id] for each in best if each.page_id in pages]
