"""What an order costs: goods, discount, shipping and the VAT on them.

One rounding rule. The VAT of a rate is computed once, on the sum of everything sold at that rate
(less its discount, with its part of the shipping), and rounded half up: EN 16931, BR-CO-17, where
VAT is summed per category and not per line. What a line or the shipping bears of it is that sum
shared out by largest remainder, so that the parts add up. Gross prices contain their VAT: a
consumer pays the same price wherever it goes, and the rate decides how much of it is VAT. Net
prices get it on top. A gross price that is not taxed is charged without the VAT of home:
price / (1 + rate), rounded once for one piece, then times the quantity.

Shipping shares the fate of the goods it belongs to: their rate, and where there are several, in
proportion to the value of the goods at each (Art. 78 (b) of Directive 2006/112/EC; CJEU C-349/96,
Card Protection Plan, on ancillary supplies; in Germany UStAE 3.10 and 10.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from cart.cart import CartLine
from cart.coupons import Discount
from invoices.issuing import TaxShare
from products.money import rounded, share_out, smallest_unit

from ..models import Order
from ..shipping import Quote
from ..tax import taxation
from ..tax.taxation import Destination, Rate, Rules
from ..tax.vat_sums import of_known_tax, tax_by_rate, without_tax


@dataclass(frozen=True)
class PricedLine:
    """A cart line as it is charged, gross or net as the order's prices.

    `total` is before `discount`; `tax` is the VAT of what then remains.
    """

    line: CartLine
    rate: Rate
    unit_price: Decimal
    discount: Decimal
    tax: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """Quantity times price: exact, so nothing is rounded."""
        return self.unit_price * self.line.quantity

    @property
    def charged(self) -> Decimal:
        return self.total - self.discount


@dataclass(frozen=True)
class Totals:
    """The sums of an order in major units of `currency`, gross or net as the shop's prices."""

    currency: str
    prices_include_tax: bool
    rules: Rules
    lines: Sequence[PricedLine]
    shipping: Quote  # at what it costs in this order
    shipping_taxes: Sequence[TaxShare]
    taxes: Sequence[TaxShare]  # highest rate first
    coupon_code: str = ""
    unused_code: str = ""  # of a coupon that would take nothing off, and is kept for another time
    ships_free: bool = False  # by a coupon

    @property
    def treatment(self) -> Order.TaxTreatment:
        return self.rules.treatment

    @property
    def subtotal(self) -> Decimal:
        """The goods before the discount."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        return sum((line.discount for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((share.tax for share in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What is paid."""
        return sum((share.gross for share in self.taxes), Decimal(0))

    def as_fields(self) -> dict[str, Any]:
        """The sums as an order stores them."""
        return {
            "currency": self.currency,
            "prices_include_tax": self.prices_include_tax,
            "tax_treatment": self.treatment,
            "subtotal": self.subtotal,
            "discount": self.discount,
            "coupon_code": self.coupon_code,
            "shipping_method": self.shipping.name,
            "shipping": self.shipping.price,
            "shipping_taxes": [share.as_json() for share in self.shipping_taxes],
            "taxes": [share.as_json() for share in self.taxes],
            "tax": self.tax,
            "total": self.total,
        }


def price_order(
    lines: Sequence[CartLine],
    *,
    shipping: Quote,
    destination: Destination,
    discount: Discount | None = None,
    currency: str,
    at: datetime,
) -> Totals:
    """Price a basket of at least one line, sent to `destination` at the VAT that holds at `at`.

    What is picked up is handed over at home, wherever its buyer lives.
    """
    where = Destination(settings.SHOP_COUNTRY) if shipping.is_pick_up else destination
    rules = taxation.rules(where, {line.offer.tax_class for line in lines}, at=at)
    goods = [_charged(line, rules, discount, currency) for line in lines]
    ships_free = discount is not None and discount.free_shipping and shipping.price > 0
    is_of_use = ships_free or any(line.discount for line in goods)
    fee = Decimal(0) if ships_free else shipping_fee(shipping, goods, rules, currency)
    parts = _by_rate(fee, goods, [line.rate for line in goods], currency)
    included = settings.PRICES_INCLUDE_TAX
    shares, taxes = tax_by_rate(
        [(line.rate, line.charged) for line in goods] + parts, included=included, currency=currency
    )
    return Totals(
        currency=currency,
        prices_include_tax=included,
        rules=rules,
        lines=[replace(line, tax=tax) for line, tax in zip(goods, taxes, strict=False)],
        shipping=replace(shipping, price=fee),
        shipping_taxes=[
            of_known_tax(rate, part, tax, included=included)
            for (rate, part), tax in zip(parts, taxes[len(goods) :], strict=True)
            if part
        ],
        taxes=shares,
        coupon_code=discount.code if discount and is_of_use else "",
        unused_code=discount.code if discount and not is_of_use else "",
        ships_free=ships_free,
    )


def shipping_fee(
    shipping: Quote, goods: Sequence[PricedLine], rules: Rules, currency: str
) -> Decimal:
    """What a way of sending costs with these goods: the quoted price, or less the VAT of home."""
    if not (rules.is_tax_free and settings.PRICES_INCLUDE_TAX):
        return shipping.price
    at_home = [Rate(rules.home[line.line.offer.tax_class], "") for line in goods]
    parts = _by_rate(shipping.price, goods, at_home, currency)
    shares, _ = tax_by_rate(parts, included=True, currency=currency)
    return sum((share.net for share in shares), Decimal(0))


def _charged(line: CartLine, rules: Rules, discount: Discount | None, currency: str) -> PricedLine:
    offer = line.offer
    off = discount.amounts.get(offer.sku, Decimal(0)) if discount else Decimal(0)
    off = rounded(min(off, line.total), currency)
    gross = PricedLine(line, rules.rates[offer.tax_class], offer.price, off)
    if not (rules.is_tax_free and settings.PRICES_INCLUDE_TAX):
        return gross
    unit_price = without_tax(offer.price, rules.home[offer.tax_class], currency)
    net = replace(gross, unit_price=unit_price)
    # In proportion, so that what was free stays free and nothing becomes negative.
    return replace(net, discount=rounded(net.total * off / line.total, currency) if off else off)


def _by_rate(
    fee: Decimal, goods: Sequence[PricedLine], rates: Sequence[Rate], currency: str
) -> list[tuple[Rate, Decimal]]:
    """`fee` split over the rates of the goods by their value; by their price if all are free."""
    values = [line.charged for line in goods]
    if not any(values):
        values = [line.total for line in goods]
    if not any(values):
        values = [Decimal(1)] * len(goods)
    weights: dict[Rate, Decimal] = {}
    for rate, value in zip(rates, values, strict=True):
        weights[rate] = weights.get(rate, Decimal(0)) + value
    parts = share_out(fee, list(weights.values()), smallest_unit(currency))
    return list(zip(weights, parts, strict=True))
