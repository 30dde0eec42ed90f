"""What getting the goods costs: sent by one of the methods, or picked up."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from products.money import rounded

from .models import ShippingMethod, ShippingRate, ShippingZone

Kind = ShippingMethod.Kind


@dataclass(frozen=True)
class Quote:
    """One way for this basket to reach its buyer. `price` in major units, gross or net as prices.

    `collect_at` says where it is picked up; empty if it is sent.
    """

    method_id: int
    name: str
    description: str
    price: Decimal
    collect_at: str = ""

    @property
    def is_pick_up(self) -> bool:
        return bool(self.collect_at)


def quotes(*, country: str, grams: int, subtotal: Decimal, currency: str) -> list[Quote]:
    """The ways for a basket of that weight and value (before discount), in the order staff gave.

    It may be picked up from everywhere, but sent only where a zone has a rate for it.
    """
    ways = [*_sent(country, grams, subtotal, currency), *_picked_up()]
    return [
        _quote(method, price)
        for method, price in sorted(ways, key=lambda way: (way[0].sort_order, way[0].name))
    ]


def countries() -> list[str]:
    """ISO codes of the countries some zone covers; home too, where goods can be picked up."""
    covered = {country.code for zone in ShippingZone.objects.all() for country in zone.countries}
    home = {settings.SHOP_COUNTRY} if _picked_up() else set()
    return sorted(covered | home)


def _sent(
    country: str, grams: int, subtotal: Decimal, currency: str
) -> list[tuple[ShippingMethod, Decimal]]:
    bands = ShippingRate.objects.filter(
        currency=currency,
        method__is_active=True,
        method__kind=Kind.SEND,
        from_subtotal__lte=subtotal,
    )
    first: dict[ShippingMethod, Decimal] = {}
    for rate in bands.select_related("method", "zone"):
        if country in rate.zone.countries and _holds(rate, grams):
            first.setdefault(rate.method, rounded(rate.price, currency))
    return list(first.items())


def _picked_up() -> list[tuple[ShippingMethod, Decimal]]:
    methods = ShippingMethod.objects.filter(is_active=True, kind=Kind.PICK_UP)
    return [(method, Decimal(0)) for method in methods]


def _quote(method: ShippingMethod, price: Decimal) -> Quote:
    where = method.collect_at if method.kind == Kind.PICK_UP else ""
    return Quote(method.pk, method.name, method.description, price, where)


def _holds(rate: ShippingRate, grams: int) -> bool:
    return rate.up_to_grams is None or grams <= rate.up_to_grams
