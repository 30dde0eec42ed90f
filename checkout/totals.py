"""What an order costs: goods, shipping and the VAT they contain.

One rounding rule. Prices are gross; the VAT of a rate is computed once, on the sum of everything
sold at that rate, and rounded half up (EN 16931, BR-CO-17: VAT is summed per category, not per
line). What a single line contains of it is that sum shared out so that the shares add up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from cart.cart import CartLine
from invoices.issuing import TaxShare
from invoices.models import TaxCategory
from products.money import rounded, share_out, smallest_unit

from .models import TaxRate
from .shipping import Quote


@dataclass(frozen=True)
class PricedLine:
    """A cart line with its VAT. `rate` in percent; `tax` is what the gross total contains."""

    line: CartLine
    rate: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Totals:
    """The sums of an order: gross, major units of `currency`."""

    currency: str
    lines: Sequence[PricedLine]
    shipping: Quote
    subtotal: Decimal
    taxes: Sequence[TaxShare]  # highest rate first

    @property
    def tax(self) -> Decimal:
        return sum((share.tax for share in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.shipping.price

    def taxes_as_json(self) -> list[dict[str, str]]:
        """The VAT by rate as an order stores it."""
        return [share.as_json() for share in self.taxes]


def price_order(
    lines: Sequence[CartLine], *, shipping: Quote, country: str, currency: str, at: datetime
) -> Totals:
    """Price a basket sent to `country` with the VAT rates that hold there at `at`."""
    classes = {line.offer.tax_class for line in lines} | {shipping.tax_class}
    rates = rates_in(country, classes, at=at)
    amounts = [line.total for line in lines] + [shipping.price]
    applied = [rates[line.offer.tax_class] for line in lines] + [rates[shipping.tax_class]]
    shares, taxes = split_vat(list(zip(applied, amounts, strict=True)), currency)
    return Totals(
        currency=currency,
        lines=[
            PricedLine(line, rate, tax)
            for line, rate, tax in zip(lines, applied, taxes, strict=False)
        ],
        shipping=shipping,
        subtotal=sum((line.total for line in lines), Decimal(0)),
        taxes=shares,
    )


def rates_in(country: str, classes: Iterable[str], *, at: datetime) -> Mapping[str, Decimal]:
    """VAT in percent by tax class on the day of `at` in the shop's time zone.

    A country without a rate is outside the tax area: 0.
    """
    found = TaxRate.objects.filter(
        country=country, tax_class__in=list(classes), valid_from__lte=timezone.localdate(at)
    ).order_by("valid_from")
    return defaultdict(Decimal, {rate.tax_class: rate.rate for rate in found})


def split_vat(
    amounts: Sequence[tuple[Decimal, Decimal]], currency: str
) -> tuple[list[TaxShare], list[Decimal]]:
    """From (rate, gross amount) pairs: the VAT per rate, and each pair's share of it, in order."""
    shares, taxes = [], [Decimal(0)] * len(amounts)
    for rate in sorted({rate for rate, _ in amounts}, reverse=True):
        members = [index for index, (its, _) in enumerate(amounts) if its == rate]
        gross = rounded(sum((amounts[index][1] for index in members), Decimal(0)), currency)
        if not gross:
            continue  # free shipping makes no line of VAT
        tax = rounded(gross * rate / (100 + rate), currency)
        category = (TaxCategory.STANDARD if rate else TaxCategory.ZERO).value
        shares.append(TaxShare(rate, net=gross - tax, tax=tax, gross=gross, category=category))
        parts = share_out(tax, [amounts[index][1] for index in members], smallest_unit(currency))
        for index, part in zip(members, parts, strict=True):
            taxes[index] = part
    return shares, taxes
