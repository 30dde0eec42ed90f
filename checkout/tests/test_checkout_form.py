"""The checkout's door: what is refused, in which words, and that nothing changed."""

from decimal import Decimal

import pytest
from django.urls import reverse

from cart.tests.factories import make_coupon
from checkout.models import Address, Order, ShippingMethod, ShippingRate, ShippingZone
from checkout.tests.buying import Shopper, open_shop
from mailing.models import Message
from products import kept
from products.models import StockItem, Variant
from products.tests.factories import make_variant, set_price

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper(sandbox):
    open_shop()
    make_variant("TEA-100", price="12.50", stock=10, title="Sencha")
    shopper = Shopper()
    shopper.add("TEA-100", 2)
    return shopper


def assert_nothing_changed() -> None:
    assert not Order.objects.exists()
    assert not Address.objects.exists()
    assert not Message.objects.exists()
    assert StockItem.objects.values_list("on_hand", "reserved").get(variant__sku="TEA-100") == (
        10,
        0,
    )


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"email": ""}, "This field is required."),
        ({"email": "no address"}, "valid email address"),
        ({"email": "a@example.com, b@example.com"}, "valid email address"),
        ({"email": "a@example.com\r\nBcc: b@example.com"}, "valid email address"),
        ({"name": "Ada\r\nBcc: b@example.com"}, "without links and line breaks"),
        ({"name": "Win at https://evil.example"}, "without links and line breaks"),
        ({"name": "Ada\0"}, "Null characters are not allowed."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"city": "Ber\u2028lin"}, "without links and line breaks"),
        ({"postcode": ""}, "need this line"),
        ({"postcode": "ABC"}, "does not fit the country"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"country": "US"}, "Select a valid choice"),
        ({"country": "\0"}, "Select a valid choice"),
        ({"shipping_method": "999999999999999999999"}, "Select a valid choice"),
        ({"shipping_method": "-1"}, "Select a valid choice"),
        ({"terms": ""}, "Please accept the terms"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_is_ordered(shopper, entries, message):
    response = shopper.send(shopper.form(**entries))

    assert response.status_code == 200
    assert message in response.content.decode()
    assert_nothing_changed()


def test_what_was_typed_is_still_there_after_an_error(shopper):
    page = shopper.send(shopper.form(email="", name="Ada <b>Lovelace</b>")).content.decode()

    assert 'value="Ada &lt;b&gt;Lovelace&lt;/b&gt;"' in page
    assert 'value="Lindenstraße 12"' in page


@pytest.mark.parametrize("total", ["0.01", "-29.90", "1e9", "NaN", "Infinity", "", "٣", "9" * 99])
def test_a_total_the_shopper_made_up_orders_nothing(shopper, total):
    response = shopper.send(shopper.form(seen_total=total))

    assert response.status_code == 200
    assert_nothing_changed()


def test_prices_and_states_sent_by_the_client_are_ignored(shopper):
    order = shopper.place(
        price="0.01", total="0.01", discount="99", currency="JPY", status="paid",
        paid_at="2026-01-01", line_items="[]", tax="0",
    )  # fmt: skip

    assert (order.total, order.currency, order.status, order.paid_at) == (
        Decimal("29.90"), "EUR", "placed", None,
    )  # fmt: skip


def test_a_price_that_rose_meanwhile_is_shown_before_it_is_charged(shopper):
    form = shopper.form()
    set_price(Variant.objects.get(), "14.00")

    response = shopper.send(form)

    page = response.content.decode()
    assert "The total has changed" in page
    assert "€32.90" in page
    assert_nothing_changed()
    again = {**form, "seen_total": "32.90"}
    assert shopper.send(again).status_code == 303
    assert Order.objects.get().total == Decimal("32.90")


def test_goods_sold_meanwhile_are_named_and_nothing_is_promised(shopper):
    make_variant("POT-1", title="Kyusu", stock=1)
    shopper.add("POT-1")
    form = shopper.form()
    StockItem.objects.filter(variant__sku="POT-1").update(on_hand=0)

    response = shopper.send(form)

    assert "Not enough left of: Kyusu." in response.content.decode()
    assert_nothing_changed()


COMPANY = '<details class="fold"'


@pytest.mark.parametrize(
    ("entries", "is_open"),
    [
        ({"email": ""}, False),
        ({"email": "", "company": "Teehaus GmbH"}, True),
        ({"email": "", "vat_id": "DE136695976"}, True),
        ({"vat_id": "DE1"}, True),
    ],
)
def test_what_a_company_is_asked_is_folded_until_it_is_said_or_wrong(shopper, entries, is_open):
    page = shopper.send(shopper.form(**entries)).content.decode()

    assert (f"{COMPANY} open>" in page) == is_open
    assert f"{COMPANY}>" in shopper.client.get(reverse("checkout:checkout")).content.decode()


def test_a_region_is_asked_for_where_addresses_have_one(sandbox):
    open_shop(france=True)
    ShippingZone.objects.create(name="South", countries=["IT"])
    ShippingRate.objects.create(
        method=ShippingMethod.objects.get(), zone=ShippingZone.objects.get(name="South"), price=5
    )
    make_variant("TEA-100", price="12.50", stock=10)
    shopper = Shopper()
    shopper.add("TEA-100")

    def page(**entries):
        return shopper.send(shopper.form(terms="", **entries)).content.decode()

    assert 'name="region"' not in page()
    assert 'name="region"' not in page(country="FR")
    assert 'name="region"' in page(country="IT")


def test_shipping_and_vat_follow_the_country(shopper):
    page = shopper.client.post(
        reverse("checkout:checkout"), {"refresh": "1", "country": "CH", "name": "Ada"}
    ).content.decode()

    # 25.00 and 9.90 without the 19 % that they contain.
    assert "€29.32" in page
    assert "VAT-free: export." in page
    assert 'value="Ada"' in page
    assert_nothing_changed()


def test_a_country_nobody_sends_to_is_said_so(shopper):
    for country in ("US", "", "'", "\0", "DE,CH"):
        response = shopper.client.post(
            reverse("checkout:checkout"), {"refresh": "1", "country": country}
        )
        assert response.status_code == 200
        assert "We do not send to this country yet." in response.content.decode()


def test_an_empty_cart_leads_back_to_the_cart(sandbox):
    open_shop()

    for response in (
        Shopper().client.get(reverse("checkout:checkout")),
        Shopper().send({"key": "x"}),
    ):
        assert response.status_code == 302
        assert response.url == reverse("cart:show")


def test_the_checkout_asks_for_its_own_token(shopper):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = shopper.client.cookies

    assert strict.post(reverse("checkout:checkout"), shopper.form()).status_code == 403
    assert_nothing_changed()


def test_the_page_is_kept_by_nobody(shopper):
    response = shopper.client.get(reverse("checkout:checkout"))

    assert "no-store" in response["Cache-Control"]


def test_placing_three_lines_with_a_coupon_takes_25_statements(
    shopper, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(kept, "MOMENT", 60.0)
    monkeypatch.setattr(kept, "LONGEST", 60.0)
    for number in (1, 2):
        make_variant(f"TEA-20{number}", title=f"Assam {number}", price="8.00")
        shopper.add(f"TEA-20{number}")
    make_coupon()
    shopper.client.post(reverse("cart:apply_coupon"), {"code": "SPRING10"})
    form = shopper.form()

    with django_assert_max_num_queries(200) as queries:
        shopper.send(form)

    statements = [query["sql"] for query in queries.captured_queries]
    assert len(statements) <= 25, "\n".join(statements)
    assert sum(sql.startswith("SAVEPOINT") for sql in statements) <= 1  # the test's own


@pytest.mark.parametrize("name", ["\u200f\u200e", "\u061c", "\u200b \u2060"])
def test_a_name_that_nobody_can_see_is_none(shopper, name):
    answer = shopper.send(shopper.form(name=name))

    assert answer.status_code == 200
    assert "This field is required." in answer.content.decode()
    assert_nothing_changed()
