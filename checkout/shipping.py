"""What sending a parcel costs, by method."""

from dataclasses import dataclass
from decimal import Decimal

from products.money import rounded

from .models import ShippingMethod, ShippingRate, ShippingZone


@dataclass(frozen=True)
class Quote:
    """One way to send this basket to that country. `price` is gross, major units."""

    method_id: int
    name: str
    description: str
    price: Decimal
    tax_class: str


def quotes(*, country: str, grams: int, subtotal: Decimal, currency: str) -> list[Quote]:
    """The ways to send a basket of that weight and value (gross), in the order staff gave them."""
    bands = ShippingRate.objects.filter(
        currency=currency, method__is_active=True, from_subtotal__lte=subtotal
    )
    first: dict[ShippingMethod, Decimal] = {}
    for rate in bands.select_related("method", "zone"):
        if country in rate.zone.countries and _holds(rate, grams):
            first.setdefault(rate.method, rounded(rate.price, currency))
    in_order = sorted(first, key=lambda method: (method.sort_order, method.name))
    return [
        Quote(method.pk, method.name, method.description, first[method], method.tax_class)
        for method in in_order
    ]


def countries() -> list[str]:
    """ISO codes of the countries some zone covers."""
    return sorted(
        {country.code for zone in ShippingZone.objects.all() for country in zone.countries}
    )


def _holds(rate: ShippingRate, grams: int) -> bool:
    return rate.up_to_grams is None or grams <= rate.up_to_grams
