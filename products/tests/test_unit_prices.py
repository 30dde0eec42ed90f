"""What a kilogram, litre or metre costs, beside every price of goods sold by measure."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from products import catalogue
from products.models import Variant
from products.unit_prices import UnitPrice, measured, unit_price

from .factories import make_variant


def measure(variant: Variant, content: str, unit: str) -> Variant:
    variant.content, variant.content_unit = Decimal(content), unit
    variant.save()
    return variant


@pytest.mark.parametrize(
    ("price", "content", "unit", "amount", "per"),
    [
        ("8.90", "50", "g", "178.00", "kg"),
        ("12.50", "0.25", "kg", "50.00", "kg"),
        ("3.99", "330", "ml", "12.09", "l"),
        ("4.00", "0.75", "l", "5.33", "l"),
        ("1.00", "3", "m", "0.33", "m"),
        ("25.00", "2.5", "m²", "10.00", "m²"),
        ("9.90", "20", "piece", "0.50", "piece"),
        ("10.05", "2000", "g", "5.03", "kg"),
        ("0", "100", "g", "0.00", "kg"),
    ],
)
def test_the_unit_price_is_that_of_the_base_unit_in_whole_cents(price, content, unit, amount, per):
    found = unit_price(Decimal(price), content=Decimal(content), unit=unit, currency="EUR")

    assert found == UnitPrice(Decimal(amount), per)
    assert str(found.amount) == amount


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", "333"), ("EUR", "333.33"), ("KWD", "333.333")]
)
def test_the_smallest_coin_is_the_currencys_own(currency, amount):
    found = unit_price(Decimal(100), content=Decimal(300), unit="g", currency=currency)

    assert str(found.amount) == amount


@pytest.mark.parametrize(("content", "unit"), [("1", "kg"), ("1000", "g"), ("1000.000", "ml")])
def test_one_base_unit_has_no_unit_price_because_the_price_says_it(content, unit):
    assert not unit_price(Decimal(9), content=Decimal(content), unit=unit, currency="EUR")


def test_the_contents_read_as_on_the_pack():
    assert measured(Decimal("0.750"), "l") == "0.75 l"
    assert measured(Decimal("1"), "piece") == "1 piece"
    assert measured(Decimal("20"), "piece") == "20 pieces"


# --- What shoppers see of it -----------------------------------------------------------------


@pytest.mark.django_db
def test_each_variant_to_choose_names_its_unit_price_without_script(client):
    small = measure(make_variant("TEA-50", price="8.90", first_value="50 g"), "50", "g")
    large = make_variant("TEA-250", price="35", first_value="250 g", product=small.product)
    measure(large, "250", "g")

    page = client.get("/green-tea/sencha-1/").content.decode()

    offer = text(re.split("data-variant-offer|<form class=", page)[2])
    tiles = text(re.sub(r"<template>.*?</template>", "", page, flags=re.S))
    first, second = re.findall(r"<template>(.*?)</template>", page, flags=re.S)
    assert "€178.00 / per kg" in offer
    assert "250 g €35.00 €140.00 / per kg" in tiles
    assert "€178.00 / per kg" in text(first)
    assert "€140.00 / per kg" in text(second)


@pytest.mark.django_db
def test_a_card_names_the_unit_price_of_the_variant_whose_price_it_shows(client):
    small = measure(make_variant("TEA-50", price="8.90", first_value="50 g"), "50", "g")
    large = make_variant("TEA-250", price="35", first_value="250 g", product=small.product)
    measure(large, "250", "g")

    words = text(client.get("/green-tea/").content.decode())

    assert "from €8.90 €178.00 / per kg" in words


@pytest.mark.django_db
def test_goods_not_sold_by_measure_have_none(client):
    make_variant("POT-1", title="Pot", price="40")

    for address in ("/green-tea/pot-1/", "/green-tea/"):
        assert "price__unit" not in client.get(address).content.decode()
    assert catalogue.offers(["POT-1"], currency="EUR")["POT-1"].unit_price is None


@pytest.mark.django_db
def test_a_sold_out_product_still_names_it(client):
    measure(make_variant("TEA-50", price="8.90", stock=0), "50", "g")

    assert "€178.00 / per kg" in text(client.get("/green-tea/sencha-1/").content.decode())


@pytest.mark.django_db
def test_what_is_in_the_pack_is_among_the_facts_if_no_option_says_it(client):
    measure(make_variant("OIL-1", title="Oil", price="8.90"), "0.75", "l")

    assert "Contents 0.75 l" in text(client.get("/green-tea/oil-1/").content.decode())


@pytest.mark.django_db
def test_the_offer_to_the_cart_carries_it_along():
    measure(make_variant("TEA-50", price="8.90"), "50", "g")

    offer = catalogue.offers(["TEA-50"], currency="EUR")["TEA-50"]

    assert offer.unit_price == UnitPrice(Decimal("178.00"), "kg")


# --- What cannot be --------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "unit"), [("100", ""), (None, "g"), ("0", "g"), ("-1", "g"), ("5", "ell")]
)
def test_contents_that_cannot_be_are_refused(content, unit):
    variant = make_variant("TEA-50")
    variant.content, variant.content_unit = content, unit

    with pytest.raises(ValidationError):
        variant.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "unit"), [(100, ""), (None, "g"), (0, "g"), (-1, "g")])
def test_the_database_itself_refuses_them(content, unit):
    make_variant("TEA-50")

    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.update(content=content, content_unit=unit)


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
