"""Variants as they would be, in memory."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from .. import catalogue, foreseeing, pricing
from ..models import Variant
from ..money import rounded
from .modes import ON_SALE, PERCENT_OFF, SOLD_OUT, Preview


def variants_as(
    preview: Preview, product_ids: Iterable[int | None], *, currency: str, at: datetime
) -> list[Variant]:
    """The products' variants in the state of the preview, as `catalogue.choices` has them."""
    variants = catalogue.active(product_ids, currency=currency)
    if preview.moment:
        _carry_on(variants, currency, preview.moment)
    elif preview.state == ON_SALE:
        _reduce(variants, currency, at)
    elif preview.state == SOLD_OUT:
        for variant in variants:
            variant.available = 0
    return catalogue.priced(variants, currency)


def _carry_on(variants: list[Variant], currency: str, moment: datetime) -> None:
    ids = [variant.pk for variant in variants]
    prices = foreseeing.prices(ids, currency=currency, at=moment)
    for variant in variants:
        if price := prices.get(variant.pk):
            variant.price, variant.compare_at = price.amount, price.compare_at
            variant.lowest_before = price.lowest_before


def _reduce(variants: list[Variant], currency: str, at: datetime) -> None:
    """An example of a reduction, with the lowest price the law wants; real ones stay."""
    full = [each for each in variants if each.price is not None and each.compare_at is None]
    left = Decimal(100 - PERCENT_OFF) / 100
    logs = foreseeing.logs([variant.pk for variant in full], currency=currency)
    for variant in full:
        lowest = pricing.lowest_in(logs[variant.pk], since=at - pricing.WINDOW)
        variant.compare_at = variant.price
        variant.lowest_before = variant.price if lowest is None else lowest
        variant.price = rounded(variant.price * left, currency)
