"""What lists and search must know of product pages, read from the pages, prices and stock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from ..models import Product, ProductPage, Variant
from . import words

LONGEST_TITLE = 60
LONGEST_PROSE = 20_000  # characters; PostgreSQL refuses documents of a megabyte

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Document:
    """One page: the fields of its row, whether each of its options is available, its words."""

    fields: dict[str, Any]
    options: dict[tuple[str, str], bool]
    vocabulary: frozenset[str]


def read(page_ids: Iterable[int]) -> dict[int, Document]:
    """The documents of those pages that are live, as things stand now. Three queries."""
    pages = ProductPage.objects.live().filter(pk__in=page_ids).select_related("product", "locale")
    variants = _variants({page.product_id for page in pages} - {None})
    return {page.pk: _document(page, variants.get(page.product_id, [])) for page in pages}


def _variants(product_ids: set[int]) -> dict[int, list[Variant]]:
    """What is for sale, by product."""
    active = Variant.objects.filter(product__in=product_ids, is_active=True)
    found: dict[int, list[Variant]] = {}
    for variant in active.with_any_price(settings.SHOP_CURRENCY).with_stock():
        found.setdefault(variant.product_id, []).append(variant)
    return found


def _document(page: ProductPage, variants: list[Variant]) -> Document:
    options = _options(page.product, variants)
    names = words.split(page.title)
    codes = [code for each in variants for code in (each.sku, each.gtin) if code]
    maker = words.split(page.product.maker) if page.product else []
    values = [word for _name, value in options for word in words.split(value)]
    spelled = [word for code in codes for word in words.split(code)]
    return Document(
        fields={
            "path": page.path,
            "language": page.locale.language_code,
            "title": " ".join(names)[:LONGEST_TITLE],
            "published_at": page.first_published_at or _NEVER,
            "price": _lowest(variants),
            "is_available": any(_is_available(variant) for variant in variants),
            "names": _text([*names, *spelled, *map(words.code, codes)]),
            "facts": _text([*maker, *values, *words.split(page.summary)]),
            "prose": _text(words.split(_body(page))),
        },
        options=options,
        vocabulary=frozenset(
            word for word in (*names, *maker, *values) if len(word) > 2 and not word.isdigit()
        ),
    )


def _options(product: Product | None, variants: list[Variant]) -> dict[tuple[str, str], bool]:
    options: dict[tuple[str, str], bool] = {}
    names = (product.first_option, product.second_option) if product else ()
    for variant in variants:
        for name, value in zip(names, (variant.first_value, variant.second_value), strict=False):
            # A filter is written "Size:100 g" in an address.
            option = (name.replace(":", " ").strip(), value)
            if all(option):
                options[option] = options.get(option, False) or _is_available(variant)
    return options


def _is_available(variant: Variant) -> bool:
    """Without a price it cannot be bought, however many there are."""
    return variant.price is not None and variant.available > 0


def _lowest(variants: list[Variant]) -> Decimal | None:
    return min((each.price for each in variants if each.price is not None), default=None)


def _body(page: ProductPage) -> str:
    return " ".join(map(str, page.body.stream_block.get_searchable_content(page.body)))


def _text(found: list[str]) -> str:
    return " ".join(found)[:LONGEST_PROSE]
