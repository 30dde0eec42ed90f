"""What the blocks of a page show of the catalogue, read together: more blocks, no more queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import StreamValue

from products import listing
from products.models import CategoryPage


@dataclass(frozen=True)
class Goods:
    """Cards and tiles by the page they lead to. A page that nobody may see is not among them."""

    cards: dict[int, listing.Card]
    tiles: dict[int, listing.Tile]


def load(products: Iterable[int], categories: Iterable[int] = ()) -> Goods:
    """The goods with these page ids, at the price of right now: five queries at most."""
    cards = listing.cards_of(list(set(products)))
    return Goods({card.page_id: card for card in cards}, _tiles(set(categories)))


def shown_by(body: StreamValue) -> Goods:
    """What all the blocks of a page show, whatever their number."""
    blocks = list(body)
    return load(_chosen(blocks, "products"), _chosen(blocks, "categories"))


def _chosen(blocks: list[Any], kind: str) -> list[int]:
    """The page ids that blocks with a list of this kind hold."""
    having = (block.value for block in blocks if kind in getattr(block.block, "child_blocks", {}))
    return [page.pk for value in having for page in value[kind] if page]


def _tiles(chosen: set[int]) -> dict[int, listing.Tile]:
    if not chosen:
        return {}
    pages = CategoryPage.objects.filter(pk__in=chosen)
    return {tile.page_id: tile for tile in listing.tiles(listing.shelves(pages))}
