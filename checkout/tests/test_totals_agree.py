"""The same sums in the order, at the payment provider, on the invoice and in the export.

HYPOTHESIS_PROFILE=thorough tries 10,000 orders instead of a hundred.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from cart.cart import CartLine
from cart.coupons import Discount
from cart.tests.factories import make_coupon
from checkout.gateways import stripe_items, stripe_session
from checkout.gateways.protocol import GatewayRefused, Urls
from checkout.gateways.stripe_currencies import minor_units
from checkout.models import Order, PaymentAttempt, TaxRate
from checkout.orders import billing, placing
from checkout.orders.totals import price_order
from checkout.shipping import Quote
from checkout.staff.columns import EXPORT, for_export
from checkout.tax.taxation import Destination
from checkout.tests.factories import make_variant_in_stock
from invoices.issuing import Bill
from invoices.models import Seller
from products.catalogue import Images, Offer
from products.money import rounded, smallest_unit

pytestmark = pytest.mark.django_db

AT = timezone.now()
CLASSES = ("standard", "reduced", "super_reduced", "zero")
DESTINATIONS = {
    "home": Destination("DE"),
    "home, business": Destination("DE", vat_id="DE136695976"),
    "France": Destination("FR", "75001"),
    "Austria, without rates": Destination("AT", "1010"),
    "French business": Destination("FR", "75001", "FR40303265045"),
    "German business in France": Destination("FR", "75001", "DE136695976"),
    "Switzerland": Destination("CH", "8001"),
    "Canary Islands": Destination("ES", "35001"),
}


@dataclass(frozen=True)
class Basket:
    lines: list[CartLine]
    shipping: Quote
    destination: Destination
    discount: Discount | None
    currency: str
    includes_tax: bool


@pytest.fixture
def variants():
    Seller.objects.create(name="Still Leaf", country="DE", vat_id="DE123456788")
    table = {"DE": ("19", "7", "3.5"), "FR": ("20", "5.5", "2.1")}
    for country, rates in table.items():
        for tax_class, rate in zip(CLASSES, rates, strict=False):
            TaxRate.objects.create(
                country=country, tax_class=tax_class, rate=rate, valid_from=date(2021, 1, 1)
            )
    return [make_variant_in_stock(f"TEA-{number}", 99, at=AT).pk for number in range(6)]


@pytest.fixture
def coupon():
    return make_coupon("TEA10").codes.get()


@st.composite
def baskets(draw, variants, code):
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    # Stripe takes no thousandths; where they come from VAT, the order is refused.
    unit = max(smallest_unit(currency), draw(st.sampled_from([Decimal(0), Decimal("0.010")])))
    amounts = st.integers(0, 200_000).map(lambda coins: coins * unit)
    lines = [
        CartLine(
            Offer(
                variant_id=pk, sku=f"TEA-{number}", name="Tea", options="", url="",
                price=draw(amounts), compare_at=None, lowest_before=None, unit_price=None,
                available=99, weight_grams=1,
                tax_class=draw(st.sampled_from(CLASSES)), image_id=None, images=Images(set()),
            ),
            quantity=draw(st.integers(1, 9)),
            seen=Decimal(0),
        )
        for number, pk in enumerate(variants[: draw(st.integers(1, len(variants)))])
    ]  # fmt: skip
    pick_up = draw(st.sampled_from(["", "", "", "Lindenweg 8"]))
    fee = Decimal(0) if pick_up else draw(amounts)
    return Basket(
        lines=lines,
        shipping=Quote(1, "Parcel", "", fee, pick_up),
        destination=draw(st.sampled_from(list(DESTINATIONS.values()))),
        discount=draw(st.none() | discounts(lines, currency, code)),
        currency=currency,
        includes_tax=draw(st.booleans()),
    )


@st.composite
def discounts(draw, lines, currency, code):
    """Some lines less a part of their price, all of it included."""
    percent = draw(st.sampled_from([0, 1, 10, 33, 50, 99, 100]))
    reduced = draw(st.lists(st.sampled_from(lines), unique_by=lambda line: line.offer.sku))
    amounts = {line.offer.sku: rounded(line.total * percent / 100, currency) for line in reduced}
    terms = code.coupon.customer_terms
    return Discount(code.coupon_id, code.pk, code.code, amounts, draw(st.booleans()), terms)


def placed(basket: Basket) -> Order | None:
    """The basket as an order; None if the provider could not charge its total."""
    price = {
        "shipping": basket.shipping,
        "discount": basket.discount,
        "at": AT,
    }
    totals = price_order(
        basket.lines,
        destination=basket.destination,
        currency=basket.currency,
        **price,
    )
    country, postcode = basket.destination.country, basket.destination.postcode
    try:
        return placing.place_order(
            cart=SimpleNamespace(lines=basket.lines, currency=basket.currency),
            contact=placing.Contact("ada@example.com", vat_id=basket.destination.vat_id),
            address={"name": "Ada", "street": "1", "postcode": postcode, "country": country},
            seen_total=totals.total,
            key="one",
            **price,
        )
    except GatewayRefused:
        return None


def session_total(order: Order) -> int:
    """What the payment page would ask for."""
    attempt = PaymentAttempt(order=order, currency=order.currency, expires_at=AT)
    asked = stripe_session.parameters(attempt, Urls("https://shop/ok", "https://shop/no"))
    goods = sum(
        item["quantity"] * item["price_data"]["unit_amount"] for item in asked["line_items"]
    )
    shipping = sum(
        option["shipping_rate_data"]["fixed_amount"]["amount"]
        for option in asked.get("shipping_options", [])
    )
    off = stripe_items.coupon(attempt)["amount_off"] if "discounts" in asked else 0
    assert 0 <= off <= goods
    return goods - off + shipping


def assert_adds_up(bill: Bill) -> None:
    """Every way to add the bill up gives the same, and nothing is negative."""
    reduced = [line.total - line.discount for line in bill.lines]
    assert bill.subtotal == sum(line.total for line in bill.lines)
    assert bill.discount == sum(line.discount for line in bill.lines)
    assert all(line.total == line.quantity * line.unit_price for line in bill.lines)
    assert min([*reduced, bill.shipping, bill.total]) >= 0
    assert bill.total == sum(share.gross for share in bill.taxes)
    tax = sum(share.tax for share in bill.taxes)
    charged = sum(reduced) + bill.shipping
    assert bill.total == (charged if bill.prices_include_tax else charged + tax)

    side = "gross" if bill.prices_include_tax else "net"
    amounts, taxes = defaultdict(Decimal), defaultdict(Decimal)
    for line, paid in zip(bill.lines, reduced, strict=True):
        assert line.tax >= 0
        assert not bill.prices_include_tax or line.tax <= paid
        amounts[line.tax_rate, line.tax_category] += paid
        taxes[line.tax_rate, line.tax_category] += line.tax
    for share in bill.shipping_taxes:
        amounts[share.rate, share.category] += getattr(share, side)
        taxes[share.rate, share.category] += share.tax
    assert bill.shipping == sum(getattr(share, side) for share in bill.shipping_taxes)
    assert {(share.rate, share.category): getattr(share, side) for share in bill.taxes} == amounts
    assert {(share.rate, share.category): share.tax for share in bill.taxes} == taxes
    for share in [*bill.taxes, *bill.shipping_taxes]:
        assert share.net + share.tax == share.gross
        assert min(share.net, share.tax) >= 0


def assert_export_agrees(order: Order) -> None:
    row = for_export(Order.objects.filter(pk=order.pk)).get()
    cells = {str(column.heading): column.value(row) for column in EXPORT}
    assert cells["Total"] == order.total
    assert cells["Net"] + cells["VAT"] == cells["Total"]
    on_top = 0 if order.prices_include_tax else cells["VAT"]
    assert cells["Goods"] - cells["Discount"] + cells["Shipping"] + on_top == cells["Total"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_an_orders_sums_agree_everywhere_to_the_smallest_coin(variants, coupon, data):
    basket = data.draw(baskets(variants, coupon))

    with transaction.atomic(), override_settings(PRICES_INCLUDE_TAX=basket.includes_tax):
        order = placed(basket)
        event(f"{basket.currency} {order.tax_treatment if order else 'refused'}")
        if order:
            order.refresh_from_db()
            bill = billing.bill(order, method="Visa")

            assert_adds_up(bill)
            assert (bill.total, bill.discount) == (order.total, order.discount)
            if order.total:
                assert session_total(order) == minor_units(order.total, order.currency)
            assert_export_agrees(order)
        transaction.set_rollback(True)
