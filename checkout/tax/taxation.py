"""Whose VAT holds for a parcel, at which rate, and why.

Goods sent from the shop's country (SHOP_COUNTRY), by Directive 2006/112/EC: taxed at home
(Art. 32); for consumers in another member state, there (Art. 33, declared in the one-stop shop);
not taxed for businesses registered in another member state (Art. 138) and when they leave the VAT
area (Art. 146). Art. 33 is for those alone who pay no VAT on what they acquire abroad (Art. 14(4)),
so a business to which Art. 138 does not apply is taxed at home wherever its goods go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from invoices.models import Seller, TaxCategory
from products import kept
from products.models import TaxClass

from ..models import Order, TaxRate
from . import territory, vat_ids

Treatment = Order.TaxTreatment
NOT_TAXED = {
    Treatment.INTRA_COMMUNITY: TaxCategory.INTRA_COMMUNITY.value,
    Treatment.EXPORT: TaxCategory.EXPORT.value,
}


@dataclass(frozen=True)
class Destination:
    """Where goods go, and to which business. `vat_id` is normalised, or empty for a consumer."""

    country: str
    postcode: str = ""
    vat_id: str = ""


@dataclass(frozen=True, order=True)
class Rate:
    """A VAT rate in percent, and its category as e-invoices name it (UNTDID 5305)."""

    percent: Decimal
    category: str


@dataclass(frozen=True)
class Rules:
    """How one order is taxed. Rates by tax class.

    Classes that are `lacking` a rate are shown at none, and must not be sold: what they owe, or
    what their price contains, is not known.
    """

    treatment: Order.TaxTreatment
    rates: Mapping[str, Rate]
    # What gross prices contain at home (percent). It comes off a price that is not taxed.
    home: Mapping[str, Decimal]
    lacking: frozenset[str]

    @property
    def is_tax_free(self) -> bool:
        return self.treatment in NOT_TAXED


def rules(destination: Destination, classes: Iterable[str], *, at: datetime) -> Rules:
    """How goods of these tax classes are taxed when they are sent there at `at`."""
    day = timezone.localdate(at, timezone.get_default_timezone())
    how = treatment(settings.SHOP_COUNTRY, destination, on=day)
    there = territory.vat_state(destination.country, destination.postcode, on=day)
    abroad = territory.country_of(there) if there else ""
    table = _rates(frozenset({settings.SHOP_COUNTRY, abroad}), on=day)
    if how == Treatment.DESTINATION and not table.get(abroad):
        # Below the threshold of Art. 59c the sale is taxed where the goods come from. A shop above
        # it registers for the one-stop shop, and then enters the rates it declares there.
        how = Treatment.DOMESTIC
    at_home = table.get(settings.SHOP_COUNTRY, {})
    charged = table[abroad] if how == Treatment.DESTINATION else at_home
    classes = set(classes)
    home = {its: _percent(at_home, its) for its in classes}
    rates = {its: _rate(how, _percent(charged, its)) for its in classes}
    lacking = {its for its in classes if not (_has_rate(at_home, its) and _has_rate(charged, its))}
    return Rules(how, rates, home, frozenset(lacking))


def has_standard_rate(country: str, *, at: datetime) -> bool:
    """Is a standard rate in force there at `at`? At home the shop sells nothing without one."""
    day = timezone.localdate(at, timezone.get_default_timezone())
    return TaxClass.STANDARD.value in _rates(frozenset({country}), on=day).get(country, {})


def treatment(home: str, destination: Destination, *, on: date) -> Order.TaxTreatment:
    """Whose VAT holds for goods sent from `home` (ISO code) on that day."""
    here = territory.vat_state(home, "", on=on)
    there = territory.vat_state(destination.country, destination.postcode, on=on)
    if (there == here) if here else (destination.country == home):
        return Treatment.DOMESTIC
    if here is None or there is None:
        return Treatment.EXPORT
    if not destination.vat_id:
        return Treatment.DESTINATION
    if _is_business_abroad(destination.vat_id, here):
        return Treatment.INTRA_COMMUNITY
    return Treatment.DOMESTIC


def _is_business_abroad(vat_id: str, here: str) -> bool:
    """Art. 138: the buyer is registered in another state than the goods leave, the seller too."""
    return vat_ids.state(vat_id) != here and bool(Seller.load().vat_id)


@kept.for_a_moment
def _rates(countries: frozenset[str], *, on: date) -> dict[str, dict[str, Decimal]]:
    """The rates in force, by country and tax class."""
    table: dict[str, dict[str, Decimal]] = {}
    rows = TaxRate.objects.filter(country__in=countries, valid_from__lte=on)
    for country, tax_class, rate in rows.order_by("valid_from").values_list(
        "country", "tax_class", "rate"
    ):
        table.setdefault(country, {})[tax_class] = rate
    return table


def _percent(rates: Mapping[str, Decimal], tax_class: str) -> Decimal:
    """A class without a rate of its own bears the country's standard rate; class zero, none."""
    if tax_class in rates:
        return rates[tax_class]
    if tax_class == TaxClass.ZERO:
        return Decimal(0)
    return rates.get(TaxClass.STANDARD.value, Decimal(0))


def _has_rate(rates: Mapping[str, Decimal], tax_class: str) -> bool:
    return tax_class in {*rates, TaxClass.ZERO.value} or TaxClass.STANDARD.value in rates


def _rate(how: Order.TaxTreatment, percent: Decimal) -> Rate:
    if how in NOT_TAXED:
        return Rate(Decimal(0), NOT_TAXED[how])
    return Rate(percent, (TaxCategory.STANDARD if percent else TaxCategory.ZERO).value)
