"""Variants as they would be."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from .. import catalogue, foreseeing, pricing
from ..models import Variant
from ..money import rounded
from . import modes

# What an example of a sale leaves of a price.
LEFT_OF_PRICE = Decimal("0.8")


def variants_as(
    preview: modes.Preview, product_id: int | None, *, currency: str, at: datetime
) -> list[Variant]:
    """A product's variants in the state of the preview, as `catalogue.choices` has them."""
    if preview.moment:
        return _on(preview.moment, product_id, currency)
    make: Callable[[Variant], None] = {
        modes.SOLD_OUT: sell_out,
        modes.ON_SALE: lambda variant: reduce(variant, currency=currency, at=at),
    }.get(preview.state, lambda variant: None)
    variants = catalogue.active(product_id, currency=currency)
    for variant in variants:
        make(variant)
    return catalogue.priced(variants, currency)


def sell_out(variant: Variant) -> None:
    variant.available = 0


def reduce(variant: Variant, *, currency: str, at: datetime) -> None:
    """Put an example of a reduction on a price, with the lowest price that the law would want."""
    if variant.price is None or variant.compare_at is not None:
        return
    since = at - pricing.WINDOW
    lowest = pricing.lowest_price(variant.pk, currency=currency, since=since, until=at)
    variant.compare_at = variant.price
    variant.lowest_before = variant.price if lowest is None else lowest
    variant.price = rounded(variant.price * LEFT_OF_PRICE, currency)


def _on(moment: datetime, product_id: int | None, currency: str) -> list[Variant]:
    variants = catalogue.active(product_id, currency=currency)
    ids = [variant.pk for variant in variants]
    prices = foreseeing.prices(ids, currency=currency, at=moment)
    for variant in variants:
        if price := prices.get(variant.pk):
            variant.price, variant.compare_at = price.amount, price.compare_at
            variant.lowest_before = price.lowest_before
    return catalogue.priced(variants, currency)
