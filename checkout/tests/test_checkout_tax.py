"""Who is charged which VAT, at the checkout's door and on what it leaves behind."""

import re
from datetime import date
from decimal import Decimal
from urllib.parse import unquote_plus

import pytest
from django.urls import reverse

from cart.tests.factories import make_coupon
from checkout.models import Address, Order, ShippingMethod, ShippingZone, TaxRate, VatCheck
from checkout.staff.columns import EXPORT, for_export
from checkout.tests.buying import OURS, Shopper, enter_rates, open_shop
from invoices.models import Invoice, Seller
from mailing.models import Message
from mailing.rendering import render
from products.models import Product, StockItem
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db

PARIS = {"country": "FR", "postcode": "75001", "city": "Paris"}
BILL_TO = {
    "bill_elsewhere": "on", "billing-name": "Charles Babbage", "billing-company": "Engines Ltd",
    "billing-street": "1 Dorset Street", "billing-postcode": "W1U 4EF", "billing-city": "London",
    "billing-country": "GB",
}  # fmt: skip


@pytest.fixture
def shopper(sandbox):
    open_shop(france=True)
    Seller.objects.update(vat_id="DE123456788")
    make_variant("POT-1", price="11.90", stock=10, title="Kyusu")
    shopper = Shopper()
    shopper.add("POT-1", 2)
    return shopper


def refreshed(shopper, **entries):
    return shopper.client.post(
        reverse("checkout:checkout"), {"refresh": "1", **entries}
    ).content.decode()


def paid(sandbox, shopper, order) -> Invoice:
    sandbox.pay(order.attempts.get().reference)
    shopper.come_back(order)
    return Invoice.objects.get()


def test_a_consumer_abroad_pays_the_same_price_with_the_vat_of_there(shopper):
    page = refreshed(shopper, **PARIS)
    order = shopper.place(**PARIS)

    assert "includes VAT 20 %" in page
    assert (order.tax_treatment, order.subtotal) == ("destination", Decimal("23.80"))
    assert [share["rate"] for share in order.taxes] == ["20.00"]
    assert order.total == Decimal("33.70")
    assert order.tax == Decimal("5.62")


def test_the_page_follows_the_vat_id_before_anything_is_ordered(shopper):
    page = refreshed(shopper, **PARIS, vat_id="FR40303265045")

    assert "VAT-free: to a business in the EU" in page
    assert "€28.32" in page  # 2 × 10.00 and 8.32 of 9.90
    assert not Order.objects.exists()


def test_a_business_abroad_is_billed_without_vat(sandbox, shopper):
    order = shopper.place(**PARIS, vat_id="fr 40 303 265 045", company="Maison de thé")
    invoice = paid(sandbox, shopper, order)

    assert (order.total, order.tax, order.vat_id) == (Decimal("28.32"), 0, "FR40303265045")
    assert {line.tax_category for line in order.lines.all()} == {"K"}
    assert invoice.billed_to["vat_id"] == "FR40303265045"
    assert [share["category"] for share in invoice.taxes] == ["K"]
    page = shopper.client.get(order.get_absolute_url()).content.decode()
    assert "VAT-free: to a business in the EU" in page
    assert "VAT id FR40303265045" in page
    mail = render(Message.objects.get(kind="order_received"))
    assert "VAT-free" in mail.text
    assert "VAT-free" in mail.html


def test_a_business_of_the_shops_own_state_pays_the_vat_of_home_abroad_too(shopper):
    page = refreshed(shopper, **PARIS, vat_id="DE136695976")
    order = shopper.place(**PARIS, vat_id="DE136695976")

    assert "includes VAT 19 %" in page
    assert "VAT-free" not in page
    assert (order.tax_treatment, order.total) == ("domestic", Decimal("33.70"))
    assert [share["rate"] for share in order.taxes] == ["19.00"]
    assert not VatCheck.objects.exists()  # nothing was left untaxed because of the id


@pytest.mark.parametrize("vat_id", ["DE123", "FR40303265046", "GB432525179", "hello", "DE\0"])
def test_a_vat_id_that_cannot_be_one_is_refused_and_kept_to_be_mended(shopper, vat_id):
    response = shopper.send(shopper.form(vat_id=vat_id))

    assert response.status_code == 200
    assert not Order.objects.exists()
    if "\0" not in vat_id:
        page = response.content.decode()
        assert "no VAT id of the EU" in page
        assert f'value="{vat_id}"' in page


def test_what_was_seen_is_what_is_agreed_to(shopper):
    as_consumer = shopper.form()

    response = shopper.send({**as_consumer, "country": "CH", "postcode": "8001"})

    assert "The total has changed" in response.content.decode()
    assert not Order.objects.exists()


def test_an_island_outside_the_vat_area_is_an_export(shopper):
    zone = ShippingZone.objects.get(name="Abroad")
    zone.countries = ["CH", "FR", "ES"]
    zone.save()

    canaries = shopper.place(country="ES", postcode="35001", city="Las Palmas", region="GC")

    assert canaries.tax_treatment == "export"
    assert canaries.tax == 0


def test_the_invoice_goes_to_another_address(sandbox, shopper):
    order = shopper.place(**BILL_TO)
    invoice = paid(sandbox, shopper, order)

    assert order.billing_address.name == "Charles Babbage"
    assert order.tax_treatment == "domestic"  # goods go to Berlin, whoever pays
    assert (invoice.billed_to["country"], invoice.billed_to["city"]) == ("GB", "London")
    assert invoice.delivered_to["name"] == "Ada Lovelace"
    page = shopper.client.get(order.get_absolute_url()).content.decode()
    assert "Engines Ltd" in page


def test_a_billing_address_nobody_asked_for_is_not_looked_at(shopper):
    order = shopper.place(**{**BILL_TO, "bill_elsewhere": "", "billing-postcode": "nonsense"})

    assert order.billing_address is None
    assert Address.objects.count() == 1


def test_another_mistake_does_not_bring_up_a_billing_address_nobody_wants(shopper):
    page = shopper.send(shopper.form(email="")).content.decode()

    assert page.count("This field is required.") == 2  # at the top, and beside the e-mail


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"billing-name": ""}, "This field is required."),
        ({"billing-postcode": "123"}, "does not fit the country"),
        ({"billing-country": "XX"}, "Select a valid choice"),
        ({"billing-name": "x\r\ny"}, "without links and line breaks"),
    ],
)
def test_a_wrong_billing_address_is_named_and_nothing_is_ordered(shopper, entries, message):
    response = shopper.send(shopper.form(**{**BILL_TO, **entries}))

    page = response.content.decode()
    assert message in page
    assert "The billing address is not complete." in page
    assert ">Billing address, " in page  # not to be taken for the one of the parcel
    assert 'value="1 Dorset Street"' in page
    assert not Order.objects.exists()


def test_the_billing_address_survives_a_refresh(shopper):
    page = refreshed(shopper, **{**BILL_TO, **PARIS})

    assert 'value="Charles Babbage"' in page
    assert '<option value="GB" selected>' in page
    assert re.search(r'name="bill_elsewhere"[^>]* checked', page)


def pick_up() -> ShippingMethod:
    return ShippingMethod.objects.create(
        name="Pick up", kind="pick_up", collect_at="Lindenweg 8, Berlin\nMon–Fri 10–18"
    )


def test_picked_up_goods_are_taxed_at_home_and_say_where(sandbox, shopper):
    method = pick_up()

    order = shopper.place(**PARIS, shipping_method=str(method.pk))

    assert (order.tax_treatment, order.shipping) == ("domestic", 0)
    assert order.collect_at.startswith("Lindenweg 8")
    page = shopper.client.get(order.get_absolute_url()).content.decode()
    mail = render(Message.objects.get(kind="order_received"))
    for text in (page, mail.text, mail.html):
        assert "Lindenweg 8, Berlin" in text
        assert "Mon–Fri 10–18" in text


def test_a_shop_that_only_hands_over_sends_nowhere(sandbox):
    Seller.load()
    enter_rates("DE", standard="19")
    pick_up()
    make_variant("POT-1", price="11.90")
    shopper = Shopper()
    shopper.add("POT-1")

    assert shopper.place().shipping_method == "Pick up"


def test_less_than_the_provider_takes_is_refused_before_it_is_ordered(shopper):
    method = pick_up()
    make_variant("LEAF", price="0.49", title="One leaf")
    shopper = Shopper()
    shopper.add("LEAF")

    response = shopper.send(shopper.form(shipping_method=str(method.pk), seen_total="0.49"))

    assert "must come to €0.50 at least" in response.content.decode()
    assert not Order.objects.exists()


def test_thousandths_the_provider_does_not_take_are_refused_before_it_is_ordered(
    sandbox, settings, shopper
):
    settings.SHOP_CURRENCY = "KWD"
    method = pick_up()
    make_variant("LEAF", price="1.255", title="One leaf")
    shopper = Shopper()
    shopper.add("LEAF")

    response = shopper.send(shopper.form(shipping_method=str(method.pk), seen_total="1.255"))

    assert "cannot take exactly this total" in response.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("to", [{}, PARIS, {"country": "CH", "postcode": "8001"}])
@pytest.mark.parametrize("begins", [None, date(2999, 1, 1)])
def test_nothing_is_sold_while_home_has_no_vat_rate_in_force(shopper, begins, to):
    home = TaxRate.objects.filter(country="DE")
    home.update(valid_from=begins) if begins else home.delete()
    form = shopper.refreshed(shopper.form(**to))

    response = shopper.send(form)

    assert response.status_code == 200
    assert "a VAT rate is missing in the shop" in response.content.decode()
    for rows in (Order.objects, Address.objects, Message.objects):
        assert not rows.exists()
    assert StockItem.objects.get().reserved == 0
    assert "Kyusu" in shopper.client.get(reverse("cart:show")).content.decode()


def test_goods_of_class_zero_are_sold_without_any_rate(shopper):
    TaxRate.objects.all().delete()
    Product.objects.update(tax_class="zero")

    order = shopper.place()

    assert (order.total, order.taxes[0]["category"]) == (Decimal("28.70"), "Z")


def with_coupon(shopper: Shopper, **terms) -> None:
    make_coupon("TEA10", **terms)
    shopper.client.post(reverse("cart:apply_coupon"), {"code": "TEA10"}, headers=OURS)


def test_a_coupon_is_taken_off_at_the_provider_too(sandbox, shopper):
    with_coupon(shopper)

    order = shopper.place()

    session = sandbox.requests()[-1]["response"]
    assert (order.discount, order.total) == (Decimal("2.38"), Decimal("26.32"))
    assert session["amount_total"] == 2632
    assert session["total_details"]["amount_discount"] == 238
    assert paid(sandbox, shopper, order).discount_label == "TEA10"


def test_an_order_that_a_coupon_pays_for_needs_no_provider(sandbox, shopper):
    method = pick_up()
    with_coupon(shopper, percent="100")

    order = shopper.place(shipping_method=str(method.pk))
    shopper.come_back(order)

    assert order.total == 0
    assert sandbox.requests() == []


def test_a_lost_answer_makes_no_second_coupon(sandbox, shopper):
    with_coupon(shopper)
    form = shopper.form()
    sandbox.fail("checkout.sessions.create", kind="reset", when="after", times=2)

    shopper.send(form)
    order = Order.objects.get()
    shopper.client.post(reverse("orders:pay", args=[order.token]))

    attempt = order.attempts.get()
    assert attempt.amount_minor == 2632
    coupons = [call for call in sandbox.requests() if call["path"] == "/v1/coupons"]
    assert len({call["response"]["id"] for call in coupons if call["response"]}) == 1


def test_net_prices_reach_the_provider_with_their_vat(sandbox, shopper, settings):
    settings.PRICES_INCLUDE_TAX = False

    page = refreshed(shopper, country="DE")
    order = shopper.place()

    assert "plus VAT 19 %" in page
    assert (order.subtotal, order.tax, order.total) == (
        Decimal("23.80"), Decimal("5.45"), Decimal("34.15"),
    )  # fmt: skip
    session = sandbox.requests()[-1]
    assert session["response"]["amount_total"] == 3415
    assert "VAT 19.00 %" in unquote_plus(session["body"])
    invoice = paid(sandbox, shopper, order)
    assert (invoice.prices_include_tax, invoice.total) == (False, Decimal("34.15"))


def test_a_price_the_provider_cannot_charge_by_the_piece_is_charged_as_one(
    sandbox, settings, shopper
):
    settings.SHOP_CURRENCY = "KWD"
    method = pick_up()
    make_variant("LEAF", price="1.255", title="One leaf")
    shopper = Shopper()
    shopper.add("LEAF", 2)

    form = shopper.form(shipping_method=str(method.pk), seen_total="2.510")
    response = shopper.send(form)

    assert response.status_code == 303
    assert Order.objects.get().attempts.get().amount_minor == 2510
    assert "2 × One leaf" in unquote_plus(sandbox.requests()[-1]["body"])


def test_the_staffs_page_tells_discount_vat_and_register(sandbox, shopper, admin_client):
    with_coupon(shopper)
    order = shopper.place(**PARIS, vat_id="FR40303265045")

    page = admin_client.get(f"/admin/orders/inspect/{order.pk}/").content.decode()

    for shown in ("TEA10", "VAT-free: to a business", "FR40303265045", "Not yet answered"):
        assert shown in page


def test_the_export_tells_the_accountant_why_there_is_no_vat(shopper):
    order = shopper.place(**PARIS, vat_id="FR40303265045")

    row = for_export(Order.objects.filter(pk=order.pk)).get()
    cells = {str(column.heading): column.value(row) for column in EXPORT}
    assert cells["VAT treatment"] == "To a business in another member state"
    assert cells["VAT id"] == "FR40303265045"
    assert cells["VAT by rate"] == "0 %: 0.00"
