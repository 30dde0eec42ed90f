"""Bills whose parts add up, from what was sold. It shares no code with the shop."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision

from invoices.issuing import Bill, BilledLine, Credit, TaxShare
from invoices.tests import factories


@dataclass(frozen=True)
class Sold:
    """One line: price, discount and rate (percent) as text, to be read like a price list."""

    name: str
    quantity: int
    price: str
    rate: str = "19"
    discount: str = "0"
    category: str = "S"

    @property
    def total(self) -> Decimal:
        return self.quantity * Decimal(self.price)

    @property
    def left(self) -> Decimal:
        return self.total - Decimal(self.discount)


def bill_of(
    sold: Sequence[Sold],
    *,
    shipping: str = "0",
    currency: str = "EUR",
    net: bool = False,
    **changes: Any,
) -> Bill:
    """A bill of `sold`; shipping is split over the rates of the goods by their worth."""
    lines, taxes, shipping_taxes = split(sold, Decimal(shipping), currency, net=net)
    subtotal = sum((line.total for line in lines), Decimal(0))
    discount = sum((line.discount for line in lines), Decimal(0))
    return factories.bill(
        **{
            "currency": currency,
            "lines": lines,
            "taxes": taxes,
            "subtotal": subtotal,
            "discount": discount,
            "shipping": Decimal(shipping),
            "shipping_taxes": shipping_taxes,
            "prices_include_tax": not net,
            "total": sum((share.gross for share in taxes), Decimal(0)),
            **changes,
        }
    )


def credit_of(key: str, sold: Sequence[Sold], *, shipping: str = "0", **changes: Any) -> Credit:
    """A credit of `sold`, euros, gross."""
    lines, taxes, shipping_taxes = split(sold, Decimal(shipping), "EUR", net=False)
    credit = Credit(
        key=key,
        lines=lines,
        taxes=taxes,
        total=sum((share.gross for share in taxes), Decimal(0)),
        reason="Returned within the time allowed",
        shipping=Decimal(shipping),
        shipping_taxes=shipping_taxes,
        payment="Refunded to your card (Visa ···· 4242).",
    )
    return replace(credit, **changes)


def split(
    sold: Sequence[Sold], shipping: Decimal, currency: str, *, net: bool
) -> tuple[list[BilledLine], list[TaxShare], list[TaxShare]]:
    """Lines with their VAT, the VAT by rate, and what of it is shipping's."""
    unit = Decimal(1).scaleb(-get_currency_precision(currency))
    kinds = sorted({(item.rate, item.category) for item in sold}, key=lambda it: -Decimal(it[0]))
    groups = [[item for item in sold if (item.rate, item.category) == kind] for kind in kinds]
    worths = [sum((item.left for item in group), Decimal(0)) for group in groups]
    sent = shared(shipping, worths if any(worths) else [Decimal(1)] * len(worths), unit)
    taxes, shipping_taxes, taxed = [], [], {}
    for (rate, category), group, worth, part in zip(kinds, groups, worths, sent, strict=True):
        tax = _tax(worth + part, Decimal(rate), unit, net=net)
        *parts, of_shipping = shared(tax, [*(item.left for item in group), part], unit)
        taxed |= {id(item): share for item, share in zip(group, parts, strict=True)}
        taxes.append(_share(rate, category, worth + part, tax, net=net))
        if part:
            shipping_taxes.append(_share(rate, category, part, of_shipping, net=net))
    lines = [_line(number, item, taxed[id(item)]) for number, item in enumerate(sold, start=1)]
    return lines, taxes, shipping_taxes


def shared(whole: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """`whole` by weight in multiples of `unit`; the last of them takes what is left over."""
    total = sum(weights)
    if not total:
        return [Decimal(0)] * len(weights)
    parts = [(whole * weight / total).quantize(unit, ROUND_FLOOR) for weight in weights]
    for index in [index for index, weight in enumerate(weights) if weight][::-1]:
        parts[index] += min(unit, whole - sum(parts))
    return parts


def _line(number: int, item: Sold, tax: Decimal) -> BilledLine:
    return BilledLine(
        sku=f"SKU-{number}",
        name=item.name,
        quantity=item.quantity,
        unit_price=Decimal(item.price),
        tax_rate=Decimal(item.rate),
        total=item.total,
        discount=Decimal(item.discount),
        tax=tax,
        tax_category=item.category,
    )


def _share(rate: str, category: str, amount: Decimal, tax: Decimal, *, net: bool) -> TaxShare:
    base = amount if net else amount - tax
    return TaxShare(Decimal(rate), base, tax, base + tax, category)


def _tax(amount: Decimal, rate: Decimal, unit: Decimal, *, net: bool) -> Decimal:
    return (amount * rate / (100 if net else 100 + rate)).quantize(unit, ROUND_HALF_UP)
