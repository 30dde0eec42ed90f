"""One rounding rule, and what must follow from it."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cart.cart import CartLine
from cart.coupons import Discount
from checkout.gateways.protocol import GatewayRefused, TooLittle
from checkout.gateways.stripe_currencies import check_payable, minor_units
from checkout.models import TaxRate
from checkout.orders.totals import price_order
from checkout.shipping import Quote
from checkout.tax.taxation import Destination, Rate
from checkout.tax.vat_sums import tax_by_rate
from invoices.models import Seller
from products.catalogue import Images, Offer
from products.money import rounded, smallest_unit

RATES = st.sampled_from([Rate(Decimal(rate), "S") for rate in ("0", "5.5", "7.00", "19.00")])
GERMANY = Destination("DE", "10969")
SWITZERLAND = Destination("CH", "8001")
FRENCH_BUSINESS = Destination("FR", "75001", "FR40303265045")


def baskets(currency: str) -> st.SearchStrategy[list[tuple[Rate, Decimal]]]:
    unit = smallest_unit(currency)
    amounts = st.integers(0, 10_000_000).map(lambda count: count * unit)
    return st.lists(st.tuples(RATES, amounts), min_size=1, max_size=12)


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@pytest.mark.parametrize("included", [True, False])
@given(data=st.data())
def test_lines_taxes_and_total_agree_to_the_smallest_coin(currency, included, data):
    basket = data.draw(baskets(currency))

    shares, taxes = tax_by_rate(basket, included=included, currency=currency)

    amounts = [share.gross if included else share.net for share in shares]
    assert sum(amounts) == sum(amount for _, amount in basket)
    assert all(share.net + share.tax == share.gross for share in shares)
    for share in shares:
        of_this_rate = [
            tax for (rate, _), tax in zip(basket, taxes, strict=True) if rate.percent == share.rate
        ]
        assert sum(of_this_rate) == share.tax
    for (rate, amount), tax in zip(basket, taxes, strict=True):
        exact = amount * rate.percent / (100 + rate.percent if included else 100)
        # Half a coin from rounding the sum, less than one from sharing it out.
        assert abs(tax - exact) < smallest_unit(currency) * 3 / 2
        assert tax == rounded(tax, currency)


def test_vat_is_computed_on_the_sum_and_not_per_line():
    # Three times 0.02 contain 0.0032 each, which would round to nothing.
    cents = [(Rate(Decimal(19), "S"), Decimal("0.02"))] * 3

    shares, taxes = tax_by_rate(cents, included=True, currency="EUR")

    assert shares[0].tax == Decimal("0.01")
    assert sum(taxes) == Decimal("0.01")


@pytest.fixture
def rates(db):
    """19 and 7 % in Germany, 20 and 5.5 % in France."""
    Seller.objects.create(name="Still Leaf", country="DE", vat_id="DE123456788")
    for country, tax_class, rate in (
        ("DE", "standard", "19"), ("DE", "reduced", "7"),
        ("FR", "standard", "20"), ("FR", "reduced", "5.5"),
    ):  # fmt: skip
        TaxRate.objects.create(
            country=country, tax_class=tax_class, rate=rate, valid_from=date(2021, 1, 1)
        )


def line(price, quantity=1, *, tax_class="standard", sku="POT"):
    offer = Offer(
        variant_id=1, sku=sku, name="Pot", options="", url="", price=Decimal(price),
        compare_at=None, lowest_before=None, unit_price=None, available=9, weight_grams=1,
        tax_class=tax_class, image_id=None, images=Images(set()),
    )  # fmt: skip
    return CartLine(offer, quantity, Decimal(price))


def price(*lines, shipping="0", to=GERMANY, off=None, free_shipping=False, pick_up=""):
    discount = None
    if off or free_shipping:
        amounts = {sku: Decimal(amount) for sku, amount in (off or {}).items()}
        discount = Discount(1, 1, "TEA10", amounts, free_shipping, {})
    way = Quote(1, "Parcel", "", Decimal(shipping), pick_up)
    return price_order(
        lines, shipping=way, destination=to, discount=discount, currency="EUR", at=timezone.now()
    )


def shares(totals):
    return [(str(s.rate), str(s.net), str(s.tax), s.category) for s in totals.taxes]


def test_shipping_bears_the_rate_of_the_goods(rates):
    totals = price(line("10.70", tax_class="reduced"), shipping="5.35")

    assert shares(totals) == [("7.00", "15.00", "1.05", "S")]
    assert [str(share.tax) for share in totals.shipping_taxes] == ["0.35"]


def test_shipping_of_a_mixed_basket_is_taxed_in_proportion_to_the_goods(rates):
    tea = line("30.00", tax_class="reduced", sku="TEA")

    totals = price(line("10.00"), tea, shipping="4.00")

    parts = [(str(share.rate), str(share.gross)) for share in totals.shipping_taxes]
    assert parts == [("19.00", "1.00"), ("7.00", "3.00")]
    assert [str(share.gross) for share in totals.taxes] == ["11.00", "33.00"]


def test_a_discount_moves_the_shipping_to_what_is_paid_for(rates):
    tea = line("30.00", tax_class="reduced", sku="TEA")

    totals = price(line("10.00"), tea, shipping="4.00", off={"TEA": "30.00"})

    assert [(str(s.rate), str(s.gross)) for s in totals.shipping_taxes] == [("19.00", "4.00")]
    assert totals.total == Decimal("14.00")


def test_free_goods_still_bear_their_shipping(rates):
    totals = price(line("10.00"), shipping="4.00", off={"POT": "10.00"})

    assert totals.total == Decimal("4.00")
    assert shares(totals) == [("19.00", "3.36", "0.64", "S")]


def test_a_coupon_for_free_shipping_takes_the_shipping_off(rates):
    totals = price(line("10.00"), shipping="4.00", free_shipping=True)

    assert (totals.shipping.price, totals.total) == (Decimal(0), Decimal("10.00"))
    assert totals.shipping_taxes == []


def test_a_discount_reduces_the_vat_too(rates):
    totals = price(line("11.90", 2), off={"POT": "11.90"})

    assert (totals.subtotal, totals.discount, totals.total) == (
        Decimal("23.80"), Decimal("11.90"), Decimal("11.90"),
    )  # fmt: skip
    assert shares(totals) == [("19.00", "10.00", "1.90", "S")]


def test_a_discount_of_everything_costs_nothing(rates):
    totals = price(line("11.90"), off={"POT": "11.90"})

    assert totals.total == 0
    assert shares(totals) == [("19.00", "0.00", "0.00", "S")]


def test_no_line_costs_less_than_nothing_whatever_the_discount_says(rates):
    assert price(line("11.90"), off={"POT": "20.00"}).total == 0


def test_consumers_pay_the_same_price_in_every_member_state(rates):
    totals = price(line("12.00"), to=Destination("FR", "75001"))

    assert totals.total == Decimal("12.00")
    assert shares(totals) == [("20.00", "10.00", "2.00", "S")]


@pytest.mark.parametrize(
    ("to", "category"), [(FRENCH_BUSINESS, "K"), (SWITZERLAND, "G")], ids=["business", "export"]
)
def test_whoever_owes_no_vat_pays_the_price_without_that_of_home(rates, to, category):
    # 9.99 / 1.19 = 8.3949…: rounded for one, then times three.
    tea = line("10.70", tax_class="reduced", sku="TEA")

    totals = price(line("9.99", 3), tea, shipping="5.00", to=to, off={"POT": "14.985"})

    assert [str(its.unit_price) for its in totals.lines] == ["8.39", "10.00"]
    assert totals.lines[0].total == Decimal("25.17")
    assert totals.lines[0].discount == Decimal("12.59")  # half of it, as of the gross price
    # 5.00 in proportion 12.58 : 10.00 are 2.79, less 19 %, and 2.21, less 7 %.
    assert totals.shipping.price == Decimal("4.41")
    assert shares(totals) == [("0", "26.99", "0.00", category)]


def test_what_was_free_stays_free_without_vat(rates):
    totals = price(line("9.99", 3), to=SWITZERLAND, off={"POT": "29.97"})

    assert totals.total == 0


def test_net_prices_get_their_vat_on_top(rates, settings):
    settings.PRICES_INCLUDE_TAX = False

    totals = price(line("10.00", 3), shipping="5.00", off={"POT": "5.00"})

    assert (totals.subtotal, totals.discount, totals.tax, totals.total) == (
        Decimal("30.00"), Decimal("5.00"), Decimal("5.70"), Decimal("35.70"),
    )  # fmt: skip
    assert totals.as_fields()["prices_include_tax"] is False


def test_net_prices_are_charged_as_they_are_where_no_vat_is_due(rates, settings):
    settings.PRICES_INCLUDE_TAX = False

    totals = price(line("10.00"), shipping="5.00", to=SWITZERLAND)

    assert (totals.total, totals.tax) == (Decimal("15.00"), Decimal(0))


def test_what_is_picked_up_is_taxed_at_home_wherever_the_buyer_lives(rates):
    totals = price(line("11.90"), to=SWITZERLAND, pick_up="Lindenweg 8")

    assert totals.total == Decimal("11.90")
    assert shares(totals) == [("19.00", "10.00", "1.90", "S")]


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


@pytest.mark.parametrize(
    ("amount", "currency"), [("0.49", "EUR"), ("0.01", "USD"), ("49", "JPY"), ("174.99", "HUF")]
)
def test_less_than_stripes_minimum_is_refused(amount, currency):
    with pytest.raises(TooLittle):
        check_payable(Decimal(amount), currency)


@pytest.mark.parametrize(("amount", "currency"), [("0.50", "EUR"), ("50", "JPY"), ("1", "XAF")])
def test_the_minimum_itself_is_taken(amount, currency):
    check_payable(Decimal(amount), currency)


@pytest.mark.parametrize(("amount", "currency"), [("1000000", "EUR"), ("1.255", "KWD")])
def test_what_stripe_would_refuse_is_refused_before(amount, currency):
    with pytest.raises(GatewayRefused):
        check_payable(Decimal(amount), currency)
