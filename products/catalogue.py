"""What can be bought right now: the catalogue as the cart and the product page see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage

from .models import ProductPage, ProductPicture, Variant
from .money import rounded
from .showing import shown
from .unit_prices import UnitPrice, unit_price


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
    image: AbstractImage | None


def offers(skus: Iterable[str], *, currency: str) -> dict[str, Offer]:
    """The offer of each SKU that is sold today and has a price in `currency`; others are left out.

    Sold out is not left out: `available` is 0 then. Three queries, however many SKUs.
    """
    found = Variant.objects.filter(is_active=True, sku__in=set(skus)).select_related("product")
    variants = list(found.with_price(currency).with_stock())
    pages = _pages({variant.product_id for variant in variants})
    # Sold is what a page shows.
    sold = [
        (variant, pages[variant.product_id]) for variant in variants if variant.product_id in pages
    ]
    image_ids = {variant.image_id or page.first_image_id for variant, page in sold}
    images = get_image_model().objects.in_bulk(image_ids - {None})
    return {variant.sku: _offer(variant, page, images, currency) for variant, page in sold}


def choices(product_id: int | None, *, currency: str) -> list[Variant]:
    """A product's active variants with their images, prices, `unit_price` and `available`."""
    return priced(active(product_id, currency=currency), currency)


def active(product_id: int | None, *, currency: str) -> list[Variant]:
    """As `choices`, those without a price too, and without `unit_price`."""
    found = Variant.objects.filter(product=product_id, is_active=True)
    return list(found.with_any_price(currency).with_stock().select_related("product", "image"))


def priced(variants: Iterable[Variant], currency: str) -> list[Variant]:
    """Those that have a price, with the `unit_price` that follows from it."""
    having = [variant for variant in variants if variant.price is not None]
    for variant in having:
        variant.unit_price = _unit_price(variant, currency)
    return having


def _pages(product_ids: set[int]) -> dict[int, ProductPage]:
    """By product: the page that shows it; the first in the tree if several do."""
    first_picture = ProductPicture.objects.filter(page=OuterRef("pk")).order_by("sort_order", "pk")
    pages = shown(ProductPage.objects.filter(product__in=product_ids))
    pages = pages.annotate(first_image_id=Subquery(first_picture.values("image_id")[:1]))
    # A page has forty columns, most of them words that nobody reads here.
    pages = pages.only("title", "url_path", "path", "product")
    return {page.product_id: page for page in pages.order_by("-path")}


def _offer(
    variant: Variant, page: ProductPage, images: Mapping[int, AbstractImage], currency: str
) -> Offer:
    return Offer(
        variant_id=variant.pk,
        sku=variant.sku,
        name=page.title,
        options=variant.label,
        url=page.url,
        # SQLite drops the zeros at the end: the same price must look the same everywhere.
        price=rounded(variant.price, currency),
        compare_at=_rounded(variant.compare_at, currency),
        lowest_before=_rounded(variant.lowest_before, currency),
        unit_price=_unit_price(variant, currency),
        available=variant.available,
        weight_grams=variant.weight_grams,
        tax_class=variant.product.tax_class,
        image=images.get(variant.image_id or page.first_image_id),
    )


def _unit_price(variant: Variant, currency: str) -> UnitPrice | None:
    return unit_price(
        variant.price, content=variant.content, unit=variant.content_unit, currency=currency
    )


def _rounded(amount: Decimal | None, currency: str) -> Decimal | None:
    return None if amount is None else rounded(amount, currency)
