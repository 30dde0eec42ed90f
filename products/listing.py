"""Product pages as cards: with price, stock and first picture, in a handful of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Subquery, Value
from wagtail.images.models import AbstractImage
from wagtail.query import PageQuerySet

from .models import CategoryPage, Price, ProductPage, ProductPicture
from .showing import shown
from .unit_prices import UnitPrice, unit_price


@dataclass(frozen=True)
class Card:
    """What a list shows of one product page. The price is the lowest of its variants."""

    page_id: int
    title: str
    url: str
    summary: str
    price: Decimal | None
    compare_at: Decimal | None
    lowest_before: Decimal | None
    unit_price: UnitPrice | None
    is_from: bool
    is_sold_out: bool
    image: AbstractImage | None
    alt_text: str


@dataclass(frozen=True)
class Tile:
    """A way into a category."""

    page_id: int
    title: str
    url: str
    image: AbstractImage | None


def cards_of(page_ids: Sequence[int], currency: str) -> list[Card]:
    """Cards of these pages in this order, less those that not everybody may see. Two queries."""
    pages = with_offer(shown(ProductPage.objects.filter(pk__in=page_ids)), currency)
    return cards(sorted(pages, key=lambda page: page_ids.index(page.pk)))


def with_offer(pages: PageQuerySet, currency: str) -> PageQuerySet:
    """Annotates what `cards` needs of price, stock and picture; only active variants count."""
    prices = Price.objects.filter(
        variant__product=OuterRef("product"), variant__is_active=True, currency=currency
    )
    lowest = prices.order_by("amount", "pk")
    available = prices.filter(variant__stock__on_hand__gt=F("variant__stock__reserved"))
    pictures = ProductPicture.objects.filter(page=OuterRef("pk")).order_by("sort_order", "pk")
    return pages.annotate(
        currency=Value(currency),
        lowest_price=Subquery(lowest.values("amount")[:1]),
        compare_at=Subquery(lowest.values("compare_at")[:1]),
        lowest_before=Subquery(lowest.values("lowest_before")[:1]),
        content=Subquery(lowest.values("variant__content")[:1]),
        content_unit=Subquery(lowest.values("variant__content_unit")[:1]),
        highest_price=Subquery(prices.order_by("-amount").values("amount")[:1]),
        is_available=Exists(available),
        first_picture_id=Subquery(pictures.values("pk")[:1]),
    )


def cards(pages: Iterable[ProductPage]) -> list[Card]:
    """Cards of pages from `with_offer`, in their order. One query, for the pictures."""
    pages = list(pages)
    pictures = ProductPicture.objects.select_related("image").in_bulk(
        {page.first_picture_id for page in pages} - {None}
    )
    return [_card(page, pictures.get(page.first_picture_id)) for page in pages]


def shelves(categories: PageQuerySet) -> list[CategoryPage]:
    """Those that everybody may see, with their pictures, in the order of the tree. One query."""
    return list(shown(categories).select_related("image").order_by("path"))


def tiles(categories: Iterable[CategoryPage]) -> list[Tile]:
    """Ways into these categories, in their order."""
    return [
        Tile(page_id=category.pk, title=category.title, url=category.url, image=category.image)
        for category in categories
    ]


def _card(page: ProductPage, picture: ProductPicture | None) -> Card:
    price = page.lowest_price
    return Card(
        page_id=page.pk,
        title=page.title,
        url=page.url,
        summary=page.summary,
        price=price,
        compare_at=page.compare_at,
        lowest_before=page.lowest_before,
        unit_price=None if price is None else _unit_price(page),
        is_from=price != page.highest_price,
        is_sold_out=not page.is_available,
        image=picture.image if picture else None,
        alt_text=picture.alt_text if picture else "",
    )


def _unit_price(page: ProductPage) -> UnitPrice | None:
    return unit_price(
        page.lowest_price, content=page.content, unit=page.content_unit, currency=page.currency
    )
