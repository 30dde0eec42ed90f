"""What getting the goods costs: sent by one of the methods, or picked up."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from products import kept
from products.money import rounded

from .models import ShippingMethod

Kind = ShippingMethod.Kind
LIGHTEST_FIRST = F("rates__up_to_grams").asc(nulls_last=True)  # those without a limit last
COLUMNS = (
    "pk", "name", "description", "kind", "collect_at",
    "rates__zone__countries", "rates__up_to_grams", "rates__from_subtotal", "rates__price",
)  # fmt: skip


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
    """Every way the shop offers in one currency. One query at most, whatever is asked of it."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._bands = _bands(currency)

    @property
    def countries(self) -> list[str]:
        """ISO codes of the countries something is sent to; home, if goods can be picked up."""
        covered: set[str] = set()
        for band in self._bands:
            covered |= {settings.SHOP_COUNTRY} if _is_pick_up(band) else _countries(band)
        return sorted(covered)

    def quotes(self, *, country: str, grams: int, subtotal: Decimal) -> list[Quote]:
        """The ways for a basket of that weight and value (before discount), in staff's order.

        It may be picked up from everywhere, but sent only where a zone has a rate for it. The
        first band that holds the basket is the one meant.
        """
        first: dict[int, Quote] = {}
        for band in self._bands:
            if _is_pick_up(band) or _holds(band, country, grams, subtotal):
                first.setdefault(band.pk, self._quote(band))
        return list(first.values())

    def _quote(self, band: Any) -> Quote:
        if _is_pick_up(band):
            return Quote(band.pk, band.name, band.description, Decimal(0), band.collect_at)
        price = rounded(band.rates__price, self._currency)
        return Quote(band.pk, band.name, band.description, price)


def quotes(*, country: str, grams: int, subtotal: Decimal, currency: str) -> list[Quote]:
    """The ways for one basket; see `Tariff.quotes`."""
    return Tariff(currency).quotes(country=country, grams=grams, subtotal=subtotal)


@kept.for_a_moment
def _bands(currency: str) -> tuple[Any, ...]:
    """A row for each rate of a method that sends, and for each that is picked up."""
    offered = Q(kind=Kind.PICK_UP) | Q(rates__currency=currency)
    methods = ShippingMethod.objects.filter(offered, is_active=True).order_by(
        "sort_order", "name", "pk", "-rates__from_subtotal", LIGHTEST_FIRST, "rates__pk"
    )
    return tuple(methods.values_list(*COLUMNS, named=True))


def _is_pick_up(band: Any) -> bool:
    return bool(band.kind == Kind.PICK_UP)


def _countries(band: Any) -> set[str]:
    return set(band.rates__zone__countries.split(","))


def _holds(band: Any, country: str, grams: int, subtotal: Decimal) -> bool:
    light_enough = band.rates__up_to_grams is None or grams <= band.rates__up_to_grams
    dear_enough = subtotal >= band.rates__from_subtotal
    return country in _countries(band) and light_enough and dear_enough
