"""Products in the words of schema.org: plain data that search engines read, from what a page shows.

What Google makes of it: https://developers.google.com/search/docs/appearance/structured-data/product
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from stdnum import ean

from .models import Product, Variant
from .models.contents import ContentUnit
from .money import rounded

Thing = dict[str, Any]

CONTEXT = "https://schema.org"
# What variants differ in, by the name the merchant gave it; any other name is printed as it is.
PROPERTIES = {
    "size": "size",
    "weight": "size",
    "colour": "color",
    "color": "color",
    "glaze": "color",
    "material": "material",
    "pattern": "pattern",
}
UNIT_CODES = {  # UN/CEFACT recommendation 20
    ContentUnit.GRAM: "GRM",
    ContentUnit.KILOGRAM: "KGM",
    ContentUnit.MILLILITRE: "MLT",
    ContentUnit.LITRE: "LTR",
    ContentUnit.METRE: "MTR",
    ContentUnit.SQUARE_METRE: "MTK",
    ContentUnit.PIECE: "C62",
}


@dataclass(frozen=True)
class Words:
    """What a page says about its product. Addresses are absolute; those of pictures by image id."""

    name: str
    description: str
    url: str
    pictures: Mapping[int, str]


@dataclass(frozen=True)
class Terms:
    """What the shop says about every offer: who sells, what sending costs, how to send it back."""

    currency: str
    seller: Thing
    shipping: Callable[[Variant], list[Thing]]
    returns: Thing


def product(words: Words, goods: Product, variants: Sequence[Variant], terms: Terms) -> Thing:
    """A `Product`, or a `ProductGroup` of several variants: those of `catalogue.choices`."""
    about = {
        "@context": CONTEXT,
        "name": words.name,
        "description": words.description,
        "url": words.url,
        "image": list(words.pictures.values()),
        **_brand(goods),
    }
    if len(variants) == 1:
        return {"@type": "Product", **about, **_variant(variants[0], words.url, terms)}
    options = [goods.first_option, goods.second_option]
    varies = [PROPERTIES.get(option.lower()) for option in options]
    return {
        "@type": "ProductGroup",
        **about,
        "productGroupID": str(goods.pk),
        "variesBy": [f"{CONTEXT}/{name}" for name in varies if name],
        "hasVariant": [
            {
                "@type": "Product",
                "name": ", ".join(filter(None, (words.name, variant.label))),
                **_options(goods, variant),
                **_own_picture(variant, words.pictures),
                **_variant(variant, f"{words.url}?sku={variant.sku}", terms),
            }
            for variant in variants
        ],
    }


def breadcrumbs(above: Sequence[tuple[str, str]], title: str) -> Thing:
    """A `BreadcrumbList`: titles and absolute addresses from the home page down, then this page."""
    steps: list[Thing] = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(above, start=1)
    ]
    steps.append({"@type": "ListItem", "position": len(steps) + 1, "name": title})
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": steps}


def _brand(goods: Product) -> Thing:
    return {"brand": {"@type": "Brand", "name": goods.maker}} if goods.maker else {}


def _options(goods: Product, variant: Variant) -> Thing:
    pairs = {goods.first_option: variant.first_value, goods.second_option: variant.second_value}
    known = {PROPERTIES.get(name.lower()): value for name, value in pairs.items() if value}
    return {name: value for name, value in known.items() if name}


def _own_picture(variant: Variant, pictures: Mapping[int, str]) -> Thing:
    own = pictures.get(variant.image_id) if variant.image_id else None
    return {"image": own} if own else {}


def _variant(variant: Variant, url: str, terms: Terms) -> Thing:
    gtin = {"gtin": variant.gtin} if ean.is_valid(variant.gtin) else {}
    return {"sku": variant.sku, **gtin, "offers": _offer(variant, url, terms)}


def _offer(variant: Variant, url: str, terms: Terms) -> Thing:
    return {
        "@type": "Offer",
        "url": url,
        "price": amount(variant.price, terms.currency),
        "priceCurrency": terms.currency,
        "priceSpecification": _prices(variant, terms.currency),
        "availability": f"{CONTEXT}/{'InStock' if variant.available > 0 else 'OutOfStock'}",
        "itemCondition": f"{CONTEXT}/NewCondition",
        "seller": terms.seller,
        "shippingDetails": terms.shipping(variant),
        "hasMerchantReturnPolicy": terms.returns,
    }


def _prices(variant: Variant, currency: str) -> list[Thing]:
    """The price with its measure, and the one that is crossed out beside it."""
    now = _price(variant.price, currency)
    if variant.content is not None:
        now["referenceQuantity"] = _measure(variant.content, ContentUnit(variant.content_unit))
    if variant.compare_at is None:
        return [now]
    before = _price(variant.compare_at, currency)
    return [now, {**before, "priceType": f"{CONTEXT}/StrikethroughPrice"}]


def _price(price: Decimal, currency: str) -> Thing:
    return {
        "@type": "UnitPriceSpecification",
        "price": amount(price, currency),
        "priceCurrency": currency,
        "valueAddedTaxIncluded": settings.PRICES_INCLUDE_TAX,
    }


def _measure(content: Decimal, unit: ContentUnit) -> Thing:
    """The contents, and the one kilogram, litre or piece that their price is compared by."""
    return {
        "@type": "QuantitativeValue",
        "value": f"{content.normalize():f}",
        "unitCode": UNIT_CODES[unit],
        "valueReference": {
            "@type": "QuantitativeValue",
            "value": "1",
            "unitCode": UNIT_CODES[unit.base],
        },
    }


def amount(price: Decimal, currency: str) -> str:
    """Major units with a point and all the currency's decimals, for machines: 12.50."""
    return f"{rounded(price, currency):f}"
