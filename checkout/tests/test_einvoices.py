"""Orders as the shop prices and bills them, judged by the rules that come with EN 16931."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.test import override_settings
from django.utils import timezone

from cart.cart import Cart
from cart.sessions import SessionStore
from cart.tests.factories import make_coupon
from checkout import shipping
from checkout.models import Order, ShippingRate
from checkout.money_back.refunding import order_refund
from checkout.money_back.returns import Back
from checkout.orders import billing, placing
from checkout.orders.totals import price_order
from checkout.tax.taxation import Destination
from checkout.tests.buying import Shopper, open_shop
from invoices.completeness import gaps
from invoices.en16931 import cii_of, ubl_of
from invoices.issuing import issue_invoice
from invoices.models import Invoice, InvoiceLine
from invoices.tests import factories
from invoices.tests.schematron import failed_asserts
from products import pricing
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db

AT = timezone.now()
HOME, ZURICH = Destination("DE", "20095"), Destination("CH", "8001")
PARIS = Destination("FR", "75001")
PARIS_BUSINESS = Destination("FR", "75001", "FR40303265045")
# Awkward on purpose: nothing divides evenly by quantities, percents or rates.
CUPS, BOTH = {"CUP-1": 1}, {"TEA-100": 3, "CUP-1": 7}


@dataclass(frozen=True)
class Sale:
    """What somebody buys, and what its bill must turn out to be about."""

    goods: Mapping[str, int]
    to: Destination
    categories: set[str] = field(default_factory=lambda: {"S"})
    rates: set[str] = field(default_factory=lambda: {"0.00"})
    coupon: str = ""
    currency: str = "EUR"
    includes_tax: bool = True


SALES = {
    "domestic": Sale(CUPS, HOME, rates={"19.00"}),
    "domestic-net": Sale(BOTH, HOME, rates={"19.00", "7.00"}, includes_tax=False),
    "mixed-rates": Sale(BOTH, HOME, rates={"19.00", "7.00"}),
    "coupon": Sale(BOTH, HOME, rates={"19.00", "7.00"}, coupon="THIRD"),
    "free-shipping": Sale({"TEA-100": 1, "CUP-1": 2}, HOME, rates={"19.00", "7.00"}, coupon="SENT"),
    "destination": Sale(BOTH, PARIS, rates={"20.00", "5.50"}, coupon="THIRD"),
    "intra-community": Sale(BOTH, PARIS_BUSINESS, {"K"}, coupon="THIRD"),
    "intra-community-net": Sale(BOTH, PARIS_BUSINESS, {"K"}, includes_tax=False),
    "export": Sale(BOTH, ZURICH, {"G"}, coupon="THIRD"),
    "yen": Sale(BOTH, HOME, rates={"19.00", "7.00"}, coupon="THIRD", currency="JPY"),
}


@pytest.fixture
def shop() -> None:
    method = open_shop(france=True)
    factories.seller()
    for zone in {rate.zone for rate in method.rates.all()}:
        ShippingRate.objects.create(method=method, zone=zone, price=Decimal(611), currency="JPY")
    for sku, price, tax_class in (("TEA-100", "13.93", "reduced"), ("CUP-1", "7.77", "standard")):
        variant = make_variant(sku, price=price, stock=1000, tax_class=tax_class)
        yen = Decimal(price) * 100
        pricing.set_price(variant, yen, currency="JPY", compare_at=None, by=None, at=AT)
    make_coupon("THIRD", percent="33", currency="")
    make_coupon("SENT", free_shipping=True)


def billed(name: str) -> Invoice:
    """The invoice of a sale, by the shop's own way from the cart to the bill."""
    sale = SALES[name]
    with override_settings(PRICES_INCLUDE_TAX=sale.includes_tax):
        order = placed(sale, key=name)
    order.paid_at = AT
    document = issue_invoice(billing.bill(order, method="Visa"), at=AT)
    return Invoice.objects.get(pk=document.pk)


def placed(sale: Sale, *, key: str) -> Order:
    cart = Cart(SessionStore(), currency=sale.currency)
    for sku, quantity in sale.goods.items():
        cart.add(sku, quantity)
    if sale.coupon:
        cart.apply_coupon(sale.coupon)
    way = shipping.quotes(
        country=sale.to.country,
        grams=cart.grams,
        subtotal=cart.subtotal,
        currency=cart.currency,
    )[0]
    priced = {"shipping": way, "discount": cart.discount, "at": AT}
    totals = price_order(cart.lines, destination=sale.to, currency=cart.currency, **priced)
    address = {"name": "Ada", "street": "Quai 1", "city": "Ville"}
    order = placing.place_order(
        cart=cart,
        contact=placing.Contact(f"{key}@example.com", vat_id=sale.to.vat_id),
        address={**address, "postcode": sale.to.postcode, "country": sale.to.country},
        seen_total=totals.total,
        key=key,
        **priced,
    )
    order.refresh_from_db()
    return order


def test_every_rule_of_the_standard_holds_of_what_the_shop_bills(shop, tmp_path):
    documents = {}
    for name in SALES:
        document = billed(name)
        assert gaps(document) == [], name
        documents |= {f"{name}-cii": cii_of(document), f"{name}-ubl": ubl_of(document)}

    failures = failed_asserts(documents, tmp_path)

    assert len(failures) == 2 * len(SALES)
    assert {name: rules for name, rules in failures.items() if rules} == {}


@pytest.mark.parametrize("name", SALES)
def test_the_sales_are_taxed_as_they_are_called(shop, name):
    document = billed(name)

    lines = InvoiceLine.objects.filter(invoice=document)
    assert {line.tax_category for line in lines} == SALES[name].categories
    assert {str(line.tax_rate) for line in lines} == SALES[name].rates
    assert bool(document.discount_label) == bool(SALES[name].coupon)


def test_a_credit_note_names_the_rate_of_what_cost_nothing(sandbox, run_tasks, tmp_path):
    open_shop()
    factories.seller()
    make_variant("BOOK", price="0.00", stock=9, tax_class="zero")
    make_variant("TEA-100", price="12.50", stock=9)
    shopper = Shopper()
    shopper.add("BOOK")
    shopper.add("TEA-100")
    order = shopper.pay(shopper.place(vat_id="DE136695976"), sandbox)

    everything = {line.pk: Back(line.quantity) for line in order.lines.all()}
    order_refund(order, lines=everything, reason="x", by=None, at=timezone.now())
    run_tasks()

    note = Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE)
    assert {line.tax_category for line in note.lines.all()} == {"S", "Z"}
    assert gaps(note) == []
    assert failed_asserts({"note": cii_of(note)}, tmp_path) == {"note": []}
