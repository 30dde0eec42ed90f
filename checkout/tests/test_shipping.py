"""Which ways a basket has to its buyer, and what they cost."""

from decimal import Decimal

import pytest

from checkout import shipping
from checkout.models import ShippingMethod, ShippingRate, ShippingZone

pytestmark = pytest.mark.django_db


@pytest.fixture
def germany() -> ShippingZone:
    return ShippingZone.objects.create(name="Germany", countries=["DE"])


def send(name: str, *bands: tuple[int | None, str, str], zone: ShippingZone, **fields: object):
    """A method with bands of (grams, from basket, price)."""
    method = ShippingMethod.objects.create(name=name, **fields)
    for grams, basket, price in bands:
        ShippingRate.objects.create(
            method=method, zone=zone, up_to_grams=grams, from_subtotal=basket, price=price
        )
    return method


def quoted(country="DE", grams=100, subtotal="10", currency="EUR"):
    ways = shipping.quotes(
        country=country, grams=grams, subtotal=Decimal(subtotal), currency=currency
    )
    return [(way.name, str(way.price)) for way in ways]


def test_the_first_band_that_holds_the_basket_applies(germany):
    bands = (None, "0", "9.90"), (500, "0", "2.90"), (1000, "60", "0"), (2000, "0", "4.90")
    send("Parcel", *bands, zone=germany)

    assert quoted(grams=500) == [("Parcel", "2.90")]
    assert quoted(grams=501) == [("Parcel", "4.90")]
    assert quoted(grams=2001) == [("Parcel", "9.90")]
    assert quoted(grams=1000, subtotal="60") == [("Parcel", "0.00")]
    assert quoted(grams=1001, subtotal="60") == [("Parcel", "4.90")]
    assert quoted(grams=1000, subtotal="59.99") == [("Parcel", "4.90")]


def test_what_no_band_holds_is_not_sent(germany):
    send("Letter", (500, "0", "2.90"), zone=germany)

    assert quoted(grams=501) == []
    assert quoted(country="FR") == []
    assert quoted(currency="CHF") == []


def test_ways_are_offered_in_staffs_order_and_only_while_they_are_offered(germany):
    send("Slow", (None, "0", "4"), zone=germany, sort_order=2)
    send("Fast", (None, "0", "9"), zone=germany, sort_order=1)
    send("Gone", (None, "0", "1"), zone=germany, is_active=False)

    assert quoted() == [("Fast", "9.00"), ("Slow", "4.00")]


def test_goods_are_picked_up_for_nothing_wherever_the_buyer_lives(germany):
    method = send("Pick up", (None, "0", "4"), zone=germany, kind="pick_up", collect_at="Here")

    (way,) = shipping.quotes(country="NZ", grams=1, subtotal=Decimal(1), currency="EUR")

    assert (way.method_id, way.price, way.collect_at) == (method.pk, 0, "Here")


def test_where_a_sent_parcel_is_picked_up_is_not_told(germany):
    send("Parcel", (None, "0", "4"), zone=germany, collect_at="An old text")

    (way,) = shipping.quotes(country="DE", grams=1, subtotal=Decimal(1), currency="EUR")

    assert not way.is_pick_up


def test_countries_are_those_with_a_rate_and_home_if_goods_are_picked_up(germany):
    ShippingZone.objects.create(name="Nowhere", countries=["US"])
    abroad = ShippingZone.objects.create(name="Abroad", countries=["CH", "FR"])
    send("Parcel", (None, "0", "4"), zone=abroad)

    assert shipping.Tariff("EUR").countries == ["CH", "FR"]
    ShippingMethod.objects.create(name="Pick up", kind="pick_up", collect_at="Here")
    assert shipping.Tariff("EUR").countries == ["CH", "DE", "FR"]


def test_all_of_it_is_one_query(germany, django_assert_num_queries):
    send("Parcel", (None, "0", "4"), (9, "0", "2"), zone=germany)

    with django_assert_num_queries(1):
        tariff = shipping.Tariff("EUR")
        assert tariff.countries == ["DE"]
        assert tariff.quotes(country="DE", grams=9, subtotal=Decimal(1))


def test_where_two_zones_have_a_country_the_rate_written_first_applies(germany):
    # The admin refuses such a zone; SQL typed by hand does not.
    again = ShippingZone.objects.create(name="Also Germany", countries=["DE"])
    method = send("Parcel", zone=germany)
    for pk, zone, price in ((20, germany, "4.90"), (10, again, "5.90")):
        ShippingRate.objects.create(pk=pk, method=method, zone=zone, price=price)

    assert quoted() == [("Parcel", "5.90")]
    assert [rate.pk for rate in ShippingRate.objects.all()] == [10, 20]
