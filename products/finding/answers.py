"""The whole answer to a query: what is found, what was meant, and where to go if it is nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page

from .. import listing
from ..listing import Tile
from ..models import CategoryPage
from . import presenting, promoting, searching, spelling
from .presenting import ShownList


@dataclass(frozen=True)
class Answer:
    """`shown` is None if nothing was asked. It answers `meant` if that is not empty."""

    query: str
    shown: ShownList | None
    meant: str
    picks: Sequence[SearchPromotion]
    tiles: list[Tile]  # if there is nothing else to show

    @property
    def found(self) -> int:
        """How many products answer the query as it was typed."""
        return self.shown.total if self.shown and not self.meant else 0


def answer(query: str, root: Page, parameters: QueryDict) -> Answer:
    """What is below `root`, as the address asks for it. Http404 past the last page."""
    shelves = listing.shelves(CategoryPage.objects.child_of(root))
    picked = promoting.promoted(query)
    shown = meant = None
    if query:
        shown, meant = _found(query, root, shelves, parameters, picked.products)
    tiles = [] if shown and shown.total else listing.tiles(shelves)
    return Answer(query, shown, meant or "", picked.others, tiles)


def _found(
    query: str,
    root: Page,
    shelves: Sequence[CategoryPage],
    parameters: QueryDict,
    promoted: Sequence[int],
) -> tuple[ShownList, str]:
    """The list, and the query it answers if the one that was typed finds nothing at all."""
    asked = searching.understood(query)
    shown = presenting.of_search(query, asked, root, shelves, parameters, promoted=promoted)
    if shown.total or shown.filters or not (meant := spelling.corrected(query)):
        return shown, ""
    again = presenting.of_search(meant, searching.understood(meant), root, shelves, parameters)
    return (again, meant) if again.total else (shown, "")
