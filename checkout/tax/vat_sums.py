"""How much VAT: computed once for each rate, then shared out so that the parts add up."""

from collections.abc import Sequence
from decimal import Decimal

from invoices.issuing import TaxShare
from products.money import rounded, share_out, smallest_unit

from .taxation import Rate


def tax_by_rate(
    amounts: Sequence[tuple[Rate, Decimal]], *, included: bool, currency: str
) -> tuple[list[TaxShare], list[Decimal]]:
    """The VAT per rate, highest first, and each amount's part of it, in order.

    `included`: the amounts are gross and contain it; else they are net and it comes on top.
    """
    shares, taxes = [], [Decimal(0)] * len(amounts)
    for rate in sorted({rate for rate, _ in amounts}, reverse=True):
        members = [index for index, (its, _) in enumerate(amounts) if its == rate]
        weights = [amounts[index][1] for index in members]
        share = tax_share(rate, sum(weights, Decimal(0)), included=included, currency=currency)
        shares.append(share)
        parts = share_out(share.tax, weights, smallest_unit(currency))
        for index, part in zip(members, parts, strict=True):
            taxes[index] = part
    return shares, taxes


def tax_share(rate: Rate, amount: Decimal, *, included: bool, currency: str) -> TaxShare:
    """The VAT on (or in) one sum at one rate: computed and rounded here, and nowhere else."""
    base = 100 + rate.percent if included else 100
    tax = rounded(amount * rate.percent / base, currency)
    return of_known_tax(rate, amount, tax, included=included)


def of_known_tax(rate: Rate, amount: Decimal, tax: Decimal, *, included: bool) -> TaxShare:
    """A share whose VAT is already known, as a part of a larger one."""
    net = amount - tax if included else amount
    return TaxShare(rate.percent, net=net, tax=tax, gross=net + tax, category=rate.category)


def without_tax(gross: Decimal, percent: Decimal, currency: str) -> Decimal:
    """What is left of a gross price when the VAT it contains is not due."""
    return rounded(gross * 100 / (100 + percent), currency)
