"""Who sells, what sending costs, and which VAT holds where."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from checkout.models import ShippingMethod, ShippingRate, ShippingZone, TaxRate
from invoices.models import Seller
from products.models import TaxClass

from . import read


def load() -> None:
    """Fill what is empty: seller details, shipping, VAT rates."""
    facts = read("selling")
    seller = Seller.load()
    if not seller.name:
        for name, value in facts["seller"].items():
            setattr(seller, name, value)
        seller.save()
    if not ShippingZone.objects.exists():
        _load_shipping(facts)
    if not TaxRate.objects.exists():
        TaxRate.objects.bulk_create(_rates(facts["vat"]))


def _load_shipping(facts: Mapping[str, Any]) -> None:
    zones = {
        name: ShippingZone.objects.create(name=name, countries=countries)
        for name, countries in facts["zones"].items()
    }
    for order, entry in enumerate(facts["method"]):
        where = entry.get("collect_at", "")
        method = ShippingMethod.objects.create(
            name=entry["name"],
            kind=ShippingMethod.Kind.PICK_UP if where else ShippingMethod.Kind.SEND,
            description=entry["description"],
            collect_at=where.strip(),
            sort_order=order,
        )
        ShippingRate.objects.bulk_create(
            ShippingRate(
                method=method,
                zone=zones[band["zone"]],
                currency=settings.SHOP_CURRENCY,
                up_to_grams=band.get("up_to_grams"),
                from_subtotal=Decimal(band.get("from_subtotal", 0)),
                price=Decimal(band["price"]),
            )
            for band in entry["rates"]
        )


def _rates(vat: Mapping[str, Any]) -> Iterator[TaxRate]:
    for table in (vat, *vat["change"]):
        for tax_class in (TaxClass.STANDARD, TaxClass.REDUCED):
            yield from _column(table.get(tax_class.value, {}), tax_class, table["from"])


def _column(rates: Mapping[str, str], tax_class: TaxClass, begin: date) -> Iterator[TaxRate]:
    for country, rate in rates.items():
        yield TaxRate(country=country, tax_class=tax_class, rate=Decimal(rate), valid_from=begin)
