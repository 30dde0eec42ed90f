"""The catalogue for price comparisons: RSS in Google's words, one item for each variant.

https://support.google.com/merchants/answer/7052112
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.core.files.storage import default_storage
from django.db.models import OuterRef, Prefetch, Subquery
from stdnum import ean

from .models import CategoryPage, ProductPage, ProductPicture, Variant
from .models.contents import ContentUnit
from .schema_org import PROPERTIES, amount
from .showing import shown

Field = tuple[str, str]

CHUNK = 500  # variants in memory at once, however large the catalogue
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
<title>{name}</title><link>{url}</link><description>{name}</description>
"""
FOOT = "</channel></rss>\n"
# What XML 1.0 cannot hold, not even escaped.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
UNITS = {ContentUnit.SQUARE_METRE: "sqm", ContentUnit.PIECE: "ct"}  # where Google has other words


@dataclass(frozen=True)
class Shop:
    """What the catalogue does not know: the shop's name and addresses, and the ways to send one
    piece within its own country, each with what it costs."""

    name: str
    currency: str
    country: str
    absolute: Callable[[str], str]
    shipping: Callable[[Variant], Iterable[tuple[str, Decimal]]]


def feed(shop: Shop) -> Iterator[str]:
    """The document piece by piece: what is sold, sold out or not, at the price of right now."""
    yield HEAD.format(name=_text(shop.name), url=_text(shop.absolute("/")))
    shelves = dict(shown(CategoryPage.objects.all()).values_list("path", "title"))
    for variant in _variants(shop.currency).iterator(chunk_size=CHUNK):
        for page in variant.product.shown_pages[:1]:  # none if it was closed a moment ago
            yield _item([*_facts(variant, page, shop, shelves), *_money(variant, shop)])
    yield FOOT


def _variants(currency: str) -> Any:
    first_picture = ProductPicture.objects.filter(page=OuterRef("pk")).order_by("sort_order", "pk")
    pages = shown(ProductPage.objects.all()).order_by("path")
    pages = pages.annotate(picture=Subquery(first_picture.values("image__file")[:1]))
    return (
        Variant.objects.sellable()
        .with_price(currency)
        .with_stock()
        .select_related("product", "image")
        .prefetch_related(Prefetch("product__pages", pages, to_attr="shown_pages"))
        .order_by("product", "sort_order", "pk")
    )


def _facts(
    variant: Variant, page: ProductPage, shop: Shop, shelves: dict[str, str]
) -> Iterator[Field]:
    goods, url = variant.product, shop.absolute(page.url)
    yield "id", variant.sku
    yield "item_group_id", str(goods.pk)
    yield "title", ", ".join(filter(None, (page.title, variant.label)))
    yield "description", page.summary or page.title
    yield "link", f"{url}?sku={variant.sku}"
    if picture := variant.image.file.name if variant.image else page.picture:
        yield "image_link", shop.absolute(default_storage.url(picture))
    yield "product_type", " > ".join(_shelves(page, shelves))
    yield "condition", "new"
    if goods.maker:
        yield "brand", goods.maker
    if ean.is_valid(variant.gtin):
        yield "gtin", variant.gtin
    else:
        yield "identifier_exists", "no"
    options = {goods.first_option: variant.first_value, goods.second_option: variant.second_value}
    for option, value in options.items():
        if value and (name := PROPERTIES.get(option.lower())):
            yield name, value


def _money(variant: Variant, shop: Shop) -> Iterator[Field]:
    yield "availability", "in_stock" if variant.available > 0 else "out_of_stock"
    yield "price", _price(variant.compare_at or variant.price, shop.currency)
    if variant.compare_at:
        yield "sale_price", _price(variant.price, shop.currency)
    if variant.content is not None:
        unit = ContentUnit(variant.content_unit)
        yield "unit_pricing_measure", f"{variant.content.normalize():f} {UNITS.get(unit, unit)}"
        yield "unit_pricing_base_measure", f"1 {UNITS.get(unit.base, unit.base)}"
    if variant.weight_grams:
        yield "shipping_weight", f"{variant.weight_grams} g"
    for way, price in shop.shipping(variant):
        yield "shipping", f"{shop.country}::{way.replace(':', ' ')}:{_price(price, shop.currency)}"


def _shelves(page: ProductPage, shelves: dict[str, str]) -> Iterator[str]:
    """The titles of the categories a page lies in, the widest first."""
    for end in range(page.steplen, len(page.path), page.steplen):
        if title := shelves.get(page.path[:end]):
            yield title


def _price(price: Decimal, currency: str) -> str:
    return f"{amount(price, currency)} {currency}"


def _item(fields: Iterable[Field]) -> str:
    inner = "".join(f"<g:{name}>{_text(value)}</g:{name}>" for name, value in fields)
    return f"<item>{inner}</item>\n"


def _text(value: str) -> str:
    return escape(UNPRINTABLE.sub(" ", value))
