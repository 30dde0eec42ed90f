"""Examining all contents, for the report."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from itertools import islice

from . import goods, pages, walking
from .findings import MOST, Finding, Kind

WANT_CONTENTS = {Kind.SOLD_OUT, Kind.UNPUBLISHED, Kind.DEAD_LINK, Kind.ALT_TEXT}


def examine(kinds: Collection[Kind]) -> list[Finding]:
    """What is wrong, of these kinds, the worst first; no more than `MOST` of each.

    The number of queries depends on the kinds and the types of pages, not on how many there are.
    """
    read = list(walking.live_pages()) if WANT_CONTENTS.intersection(kinds) else []
    checks: dict[Kind, Callable[[], Iterable[Finding]]] = {
        Kind.SOLD_OUT: partial(pages.sold_out, read),
        Kind.UNPUBLISHED: partial(pages.unpublished, read),
        Kind.DEAD_LINK: partial(pages.dead_links, read),
        Kind.NO_PRODUCT: pages.without_product,
        Kind.NO_PAGE: goods.without_page,
        Kind.ALT_TEXT: partial(pages.bare_pictures, read),
        Kind.DESCRIPTION: pages.undescribed,
        Kind.GTIN: goods.without_gtin,
        Kind.WEIGHT: goods.without_weight,
    }
    return [
        finding
        for kind, check in checks.items()
        if kind in kinds
        for finding in islice(check(), MOST)
    ]
