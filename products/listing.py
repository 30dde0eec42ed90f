"""Product pages as cards: with price, stock and first picture, in a handful of queries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Subquery
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.images.models import AbstractImage
from wagtail.query import PageQuerySet

from . import freshness, kept, pictures
from .models import CategoryPage, Price, ProductPage, ProductPicture
from .showing import shown
from .unit_prices import UnitPrice, unit_price


@dataclass(frozen=True)
class Card:
    """What a list shows of one product page. The price is the lowest of its variants.

    Its HTML is made for no request, so nothing of a visitor can be in it, and stays with the card.
    """

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

    @cached_property
    def html(self) -> SafeString:
        """The card, with a picture that waits until it is scrolled to."""
        return self._rendered(is_first=False)

    @cached_property
    def html_of_first(self) -> SafeString:
        """The card, with a picture that is loaded at once."""
        return self._rendered(is_first=True)

    def _rendered(self, *, is_first: bool) -> SafeString:
        shown = {"card": self, "currency": settings.SHOP_CURRENCY, "is_first": is_first}
        return render_to_string("components/product_card.html", shown)


@dataclass(frozen=True)
class Tile:
    """A way into a category."""

    page_id: int
    title: str
    url: str
    image: AbstractImage | None


def cards_of(page_ids: Sequence[int]) -> list[Card]:
    """Cards of these pages in this order, less those that not everybody may see.

    Every list that a product is in shows the same card, so cards are kept while they are fresh.
    Two queries for all that are not.
    """
    language = get_language()
    return list(_cards([(page_id, language) for page_id in page_ids]).values())


@kept.each_while(freshness.generation)
def _cards(keys: Collection[tuple[int, str | None]]) -> dict[tuple[int, str | None], Card]:
    """By page and language, which is the one that is active."""
    pages = shown(ProductPage.objects.filter(pk__in=[page_id for page_id, _ in keys]))
    language = get_language()
    return {(card.page_id, language): card for card in cards(with_offer(pages))}


def with_offer(pages: PageQuerySet) -> PageQuerySet:
    """Annotates what `cards` needs of price, stock and picture; only active variants count."""
    currency = settings.SHOP_CURRENCY
    prices = Price.objects.filter(
        variant__product=OuterRef("product"), variant__is_active=True, currency=currency
    )
    lowest = prices.order_by("amount", "pk")
    available = prices.filter(variant__stock__on_hand__gt=F("variant__stock__reserved"))
    gallery = ProductPicture.objects.filter(page=OuterRef("pk")).order_by("sort_order", "pk")
    return pages.annotate(
        lowest_price=Subquery(lowest.values("amount")[:1]),
        compare_at=Subquery(lowest.values("compare_at")[:1]),
        lowest_before=Subquery(lowest.values("lowest_before")[:1]),
        content=Subquery(lowest.values("variant__content")[:1]),
        content_unit=Subquery(lowest.values("variant__content_unit")[:1]),
        highest_price=Subquery(prices.order_by("-amount").values("amount")[:1]),
        is_available=Exists(available),
        first_image_id=Subquery(gallery.values("image")[:1]),
        first_alt_text=Subquery(gallery.values("alt_text")[:1]),
    )


def cards(pages: Iterable[ProductPage]) -> list[Card]:
    """Cards of pages from `with_offer`, in their order. One query, for the pictures."""
    pages = list(pages)
    images = pictures.with_renditions(
        {page.first_image_id for page in pages} - {None}, pictures.CARD
    )
    return [_card(page, images.get(page.first_image_id)) for page in pages]


def shelves(categories: PageQuerySet) -> list[CategoryPage]:
    """Those that everybody may see, in the order of the tree. One query."""
    return list(shown(categories).order_by("path"))


def tiles(categories: Iterable[CategoryPage]) -> list[Tile]:
    """Ways into these categories, in their order. One query at most, for the pictures."""
    categories = list(categories)
    images = pictures.with_renditions(
        {category.image_id for category in categories} - {None}, pictures.TILE
    )
    return [Tile(each.pk, each.title, each.url, images.get(each.image_id)) for each in categories]


def _card(page: ProductPage, image: AbstractImage | None) -> Card:
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
        image=image,
        alt_text=page.first_alt_text or "",
    )


def _unit_price(page: ProductPage) -> UnitPrice | None:
    return unit_price(
        page.lowest_price,
        content=page.content,
        unit=page.content_unit,
        currency=settings.SHOP_CURRENCY,
    )
