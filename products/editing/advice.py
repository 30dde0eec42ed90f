"""What an editor should look at again before a product page is published. Advice blocks nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision, get_currency_symbol
from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.rich_text import RichText, get_text_for_indexing

from .. import catalogue
from ..models import PlannedPrice, ProductPage, Variant
from ..money import formatted, rounded


@dataclass(frozen=True)
class Advice:
    """`kind`: a key of `checks.KINDS`."""

    kind: str
    words: str


def advice_on(page: ProductPage) -> list[Advice]:
    """What is missing or contradicts the product, of a page that may never have been saved."""
    variants = catalogue.active([page.product_id], currency=settings.SHOP_CURRENCY)
    return [
        *_on_words(page),
        *_on_pictures(page),
        *_on_goods(variants),
        *_on_prices(page, variants),
    ]


def _on_words(page: ProductPage) -> Iterator[Advice]:
    if not page.search_description:
        yield Advice("no-description", _("The page has no description for search engines."))


def _on_pictures(page: ProductPage) -> Iterator[Advice]:
    gallery = list(page.gallery.all())
    if not gallery:
        yield Advice("no-picture", _("The page has no picture."))
    for number, picture in enumerate(gallery, start=1):
        if not picture.alt_text.strip():
            words = _("Picture %(number)s has no alternative text.") % {"number": number}
            yield Advice("no-alt-text", words)


def _on_goods(variants: list[Variant]) -> Iterator[Advice]:
    if missing := _skus(variant for variant in variants if not variant.gtin):
        yield Advice("no-gtin", _("Without a GTIN: %(skus)s.") % {"skus": missing})
    if missing := _skus(variant for variant in variants if not variant.weight_grams):
        yield Advice("no-weight", _("Without a weight: %(skus)s.") % {"skus": missing})


def _skus(variants: Iterable[Variant]) -> str:
    return ", ".join(variant.sku for variant in variants)


def _on_prices(page: ProductPage, variants: list[Variant]) -> Iterator[Advice]:
    currency = settings.SHOP_CURRENCY
    real = _amounts(catalogue.priced(variants, currency), currency)
    if not real:
        return
    costs = ", ".join(formatted(variant.price, currency) for variant in variants if variant.price)
    for said, amount in amounts_in(_text(page), currency).items():
        if amount not in real:
            words = _("The text says “%(said)s”, which is no price of this product: %(costs)s.")
            yield Advice("wrong-price", words % {"said": said, "costs": costs})


def _amounts(variants: list[Variant], currency: str) -> set[Decimal]:
    """Every amount that may rightly stand in the text: prices of now, and those planned."""
    now = [
        amount
        for variant in variants
        for amount in (variant.price, variant.compare_at, variant.lowest_before)
    ]
    by_unit = [variant.unit_price.amount for variant in variants if variant.unit_price]
    plans = PlannedPrice.objects.pending().filter(variant__in=variants, currency=currency)
    planned = [amount for row in plans.values_list("amount", "compare_at") for amount in row]
    return {
        rounded(amount, currency) for amount in (*now, *by_unit, *planned) if amount is not None
    }


def amounts_in(text: str, currency: str) -> dict[str, Decimal]:
    """What a text names in `currency`, by how it writes it: "12,90 €", "EUR 12.90"."""
    signs = {currency, get_currency_symbol(currency, "en"), get_currency_symbol(currency, "de")}
    sign = "|".join(map(re.escape, signs))
    number = r"\d[\d.,]{0,15}"
    found = re.finditer(rf"(?:{sign})\s?({number})|({number})\s?(?:{sign})", text)
    return {
        match[0].strip(" .,"): rounded(_decimal(match[1] or match[2], currency), currency)
        for match in found
    }


def _decimal(number: str, currency: str) -> Decimal:
    """The last separator is the decimal one, unless what follows it is too long for that."""
    *groups, last = re.split("[.,]", number.strip(".,"))
    if groups and len(last) <= get_currency_precision(currency):
        return Decimal(f"{''.join(groups)}.{last}")
    return Decimal("".join((*groups, last)))


def _text(page: ProductPage) -> str:
    words: list[Any] = [page.title, page.summary, page.search_description, page.seo_title]
    for block in page.body:
        if isinstance(block.value, RichText):
            words.append(get_text_for_indexing(block.value.source))
        elif isinstance(block.value, str):
            words.append(block.value)
    return "\n".join(words)
