"""What getting the goods costs: sent by one of the methods, or picked up."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from products.money import rounded

from .models import ShippingMethod, ShippingRate

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


class Tariff:
    """Every way the shop offers in one currency. Two queries, whatever is asked of it."""

    def __init__(self, currency: str) -> None:
        methods = ShippingMethod.objects.filter(is_active=True)
        rates = ShippingRate.objects.filter(
            currency=currency, method__in=methods.filter(kind=Kind.SEND)
        )
        self._currency = currency
        self._rates = list(rates.select_related("method", "zone"))
        self._pick_up = list(methods.filter(kind=Kind.PICK_UP))

    @property
    def countries(self) -> list[str]:
        """ISO codes of the countries something is sent to; home, if goods can be picked up."""
        sent = {country.code for rate in self._rates for country in rate.zone.countries}
        return sorted(sent | {settings.SHOP_COUNTRY} if self._pick_up else sent)

    def quotes(self, *, country: str, grams: int, subtotal: Decimal) -> list[Quote]:
        """The ways for a basket of that weight and value (before discount), in staff's order.

        It may be picked up from everywhere, but sent only where a zone has a rate for it.
        """
        ways = [(method, Decimal(0)) for method in self._pick_up]
        ways += self._sent(country, grams, subtotal).items()
        in_order = sorted(ways, key=lambda way: (way[0].sort_order, way[0].name))
        return [_quote(method, price) for method, price in in_order]

    def _sent(self, country: str, grams: int, subtotal: Decimal) -> dict[ShippingMethod, Decimal]:
        first: dict[ShippingMethod, Decimal] = {}
        for rate in self._rates:
            if country in rate.zone.countries and _holds(rate, grams, subtotal):
                first.setdefault(rate.method, rounded(rate.price, self._currency))
        return first


def quotes(*, country: str, grams: int, subtotal: Decimal, currency: str) -> list[Quote]:
    """The ways for one basket; see `Tariff.quotes`."""
    return Tariff(currency).quotes(country=country, grams=grams, subtotal=subtotal)


def _holds(rate: ShippingRate, grams: int, subtotal: Decimal) -> bool:
    light_enough = rate.up_to_grams is None or grams <= rate.up_to_grams
    return light_enough and subtotal >= rate.from_subtotal


def _quote(method: ShippingMethod, price: Decimal) -> Quote:
    where = method.collect_at if method.kind == Kind.PICK_UP else ""
    return Quote(method.pk, method.name, method.description, price, where)
