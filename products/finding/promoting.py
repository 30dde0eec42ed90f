"""What the search desk wants shown for a query, before or instead of what is found."""

from collections.abc import Sequence
from dataclasses import dataclass

from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page
from wagtail.search.utils import normalise_query_string

from ..models import ProductPage, SearchRedirect
from ..showing import shown


@dataclass(frozen=True)
class Promoted:
    """Pages and addresses that somebody picked for a query."""

    products: Sequence[int]  # keys of product pages: shown as cards
    others: Sequence[SearchPromotion]  # shown as links


def way_past(query: str) -> str | None:
    """The address that whoever searches for exactly this is taken to."""
    found = SearchRedirect.objects.filter(term=normalise_query_string(query))
    pages = shown(Page.objects.filter(pk__in=found.values("page")))
    return next((page.url for page in pages), None)


def promoted(query: str) -> Promoted:
    """What was picked for this query, less the pages that not everybody may see."""
    term = normalise_query_string(query)
    picks = SearchPromotion.objects.filter(query__query_string=term).select_related("page")
    pages = [pick.page_id for pick in picks if pick.page_id]
    visible = shown(Page.objects.filter(pk__in=pages)).in_bulk() if pages else {}
    products = set(ProductPage.objects.filter(pk__in=visible).values_list("pk", flat=True))
    return Promoted(
        products=[pick.page_id for pick in picks if pick.page_id in products],
        others=[
            pick
            for pick in picks
            if pick.page_id not in products and (not pick.page_id or pick.page_id in visible)
        ],
    )
