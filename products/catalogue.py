"""What can be bought right now: the catalogue as the cart and the product page see it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from wagtail.images.models import AbstractImage

from . import freshness, kept, pictures
from .models import ProductPage, ProductPicture, Variant
from .models.products import label
from .money import rounded
from .showing import shown
from .unit_prices import UnitPrice, unit_price

# What is read of a variant: plain columns cost half of what whole objects do.
COLUMNS = (
    "pk", "sku", "first_value", "second_value", "weight_grams", "content", "content_unit",
    "image_id", "product_id", "product__tax_class", "stock__on_hand", "stock__reserved",
    "prices__amount", "prices__compare_at", "prices__lowest_before",
)  # fmt: skip


class Images:
    """The images of a cart's offers, read when the first is shown: most requests show none."""

    def __init__(self, ids: set[int]) -> None:
        self._ids = ids

    @cached_property
    def by_id(self) -> dict[int, AbstractImage]:
        return pictures.with_renditions(self._ids, pictures.LINE)


@dataclass(frozen=True)
class Offer:
    """One variant, in the words and at the price of right now, in major units.

    Prices are gross or net as the setting PRICES_INCLUDE_TAX says. If `compare_at` is printed,
    `lowest_before` is too: the law wants it beside every announced reduction.
    """

    variant_id: int
    sku: str
    name: str
    options: str
    url: str
    price: Decimal
    compare_at: Decimal | None
    lowest_before: Decimal | None  # of the 30 days before the reduction; None without one
    unit_price: UnitPrice | None
    available: int
    weight_grams: int
    tax_class: str
    image_id: int | None
    images: Images = field(repr=False, compare=False)  # of all the offers it was read with

    @property
    def image(self) -> AbstractImage | None:
        """One query for all the offers it was read with."""
        return self.images.by_id.get(self.image_id) if self.image_id else None


def offers(skus: Iterable[str], *, currency: str) -> dict[str, Offer]:
    """The offer of each SKU that is sold today and has a price in `currency`; others are left out.

    Sold out is not left out: `available` is 0 then. Two queries at most, however many SKUs.
    """
    rows = list(_priced_in(currency).filter(sku__in=set(skus)))
    pages = _pages({row.product_id for row in rows})
    # Sold is what a page shows.
    sold = [(row, pages[row.product_id]) for row in rows if row.product_id in pages]
    images = Images({row.image_id or page.first_image_id for row, page in sold} - {None})
    return {row.sku: _offer(row, page, images, currency) for row, page in sold}


def choices(product_id: int | None, *, currency: str) -> list[Variant]:
    """A product's active variants with their prices, `unit_price` and `available`."""
    return priced(active([product_id], currency=currency), currency)


def active(product_ids: Iterable[int | None], *, currency: str) -> list[Variant]:
    """As `choices` of several products, those without a price too, and without `unit_price`."""
    found = Variant.objects.filter(product__in=product_ids, is_active=True)
    return list(found.with_any_price(currency).with_stock().select_related("product"))


def priced(variants: Iterable[Variant], currency: str) -> list[Variant]:
    """Those that have a price, with the `unit_price` that follows from it."""
    having = [variant for variant in variants if variant.price is not None]
    for variant in having:
        variant.unit_price = unit_price(
            variant.price, content=variant.content, unit=variant.content_unit, currency=currency
        )
    return having


@cache
def _priced_in(currency: str) -> QuerySet[Variant, Any]:
    """Those with a price in `currency`, as `COLUMNS`: put together once, narrowed by each cart."""
    # A variant has one price in a currency at most, so the join repeats no row.
    found = Variant.objects.filter(is_active=True, prices__currency=currency)
    return found.order_by().values_list(*COLUMNS, named=True)


@kept.each_while(freshness.generation)
def _pages(product_ids: Collection[int]) -> dict[int, ProductPage]:
    """By product: the page that shows it; the first in the tree if several do.

    Kept while it is fresh, as the pages themselves are; prices and stock are read each time.
    """
    first_picture = ProductPicture.objects.filter(page=OuterRef("pk")).order_by("sort_order", "pk")
    pages = shown(ProductPage.objects.filter(product__in=product_ids))
    pages = pages.annotate(first_image_id=Subquery(first_picture.values("image_id")[:1]))
    # A page has forty columns, most of them words that nobody reads here.
    pages = pages.only("title", "url_path", "path", "product")
    return {page.product_id: page for page in pages.order_by("-path")}


def _offer(row: Any, page: ProductPage, images: Images, currency: str) -> Offer:
    return Offer(
        variant_id=row.pk,
        sku=row.sku,
        name=page.title,
        options=label(row.first_value, row.second_value),
        url=page.url,
        # SQLite drops the zeros at the end: the same price must look the same everywhere.
        price=rounded(row.prices__amount, currency),
        compare_at=_rounded(row.prices__compare_at, currency),
        lowest_before=_rounded(row.prices__lowest_before, currency),
        unit_price=unit_price(
            row.prices__amount, content=row.content, unit=row.content_unit, currency=currency
        ),
        available=(row.stock__on_hand or 0) - (row.stock__reserved or 0),
        weight_grams=row.weight_grams,
        tax_class=row.product__tax_class,
        image_id=row.image_id or page.first_image_id,
        images=images,
    )


def _rounded(amount: Decimal | None, currency: str) -> Decimal | None:
    return None if amount is None else rounded(amount, currency)
