"""One rounding rule, and what must follow from it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.gateways.protocol import GatewayRefused
from checkout.gateways.stripe_currencies import minor_units
from checkout.totals import split_vat
from products.money import rounded, smallest_unit

RATES = st.sampled_from([Decimal("0"), Decimal("5.5"), Decimal("7.00"), Decimal("19.00")])


def baskets(currency: str) -> st.SearchStrategy[list[tuple[Decimal, Decimal]]]:
    unit = smallest_unit(currency)
    amounts = st.integers(0, 10_000_000).map(lambda count: count * unit)
    return st.lists(st.tuples(RATES, amounts), min_size=1, max_size=12)


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@given(data=st.data())
def test_lines_taxes_and_total_agree_to_the_smallest_coin(currency, data):
    basket = data.draw(baskets(currency))

    shares, taxes = split_vat(basket, currency)

    assert sum(share.gross for share in shares) == sum(amount for _, amount in basket)
    assert all(share.net + share.tax == share.gross for share in shares)
    assert sum(taxes) == sum(share.tax for share in shares)
    for share in shares:
        of_this_rate = [
            tax for (rate, _), tax in zip(basket, taxes, strict=True) if rate == share.rate
        ]
        assert sum(of_this_rate) == share.tax
    for (rate, amount), tax in zip(basket, taxes, strict=True):
        exact = amount * rate / (100 + rate)
        # Half a coin from rounding the sum, less than one from sharing it out.
        assert abs(tax - exact) < smallest_unit(currency) * 3 / 2
        assert tax == rounded(tax, currency)


def test_vat_is_computed_on_the_sum_and_not_per_line():
    # Three times 0.02 contain 0.0032 each, which would round to nothing.
    shares, taxes = split_vat([(Decimal(19), Decimal("0.02"))] * 3, "EUR")

    assert shares[0].tax == Decimal("0.01")
    assert sum(taxes) == Decimal("0.01")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "EUR", 1250),
        ("12.500", "EUR", 1250),
        ("0", "EUR", 0),
        ("1250", "JPY", 1250),
        ("1.250", "KWD", 1250),
        ("100", "ISK", 10000),
    ],
)
def test_amounts_reach_stripe_as_it_counts_them(amount, currency, minor):
    assert minor_units(Decimal(amount), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"), [("12.505", "EUR"), ("0.5", "JPY"), ("1.255", "KWD"), ("0.50", "ISK")]
)
def test_an_amount_stripe_cannot_charge_is_refused_and_not_rounded(amount, currency):
    with pytest.raises(GatewayRefused):
        minor_units(Decimal(amount), currency)
