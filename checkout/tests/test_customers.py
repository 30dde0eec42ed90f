"""One person, one customer."""

from importlib import import_module

import pytest
from django.apps import apps

from checkout.orders.customers import identity
from checkout.tests.factories import make_order


@pytest.mark.parametrize(
    "spelling",
    [
        "ada@example.com",
        "ADA@Example.COM",
        " ada@example.com ",
        "ada+tea@example.com",
        "ada+a+b@example.com",
        "ada@example.com.",
        "ａｄａ@ｅxample.com",
        '"ada"@example.com',
        "ADA@example\u3002com",  # an ideographic full stop
    ],
)
def test_one_person_is_one_customer_however_the_address_is_spelled(spelling):
    assert identity(spelling) == "ada@example.com"


@pytest.mark.parametrize(
    "spelling", ["ada.l@gmail.com", "a.d.a.l@GMail.com", "adal@googlemail.com", "AdaL+x@gmail.com"]
)
def test_dots_are_nothing_where_the_provider_says_so(spelling):
    assert identity(spelling) == "adal@gmail.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.da@example.com", "ada@example.com"),
        ("ada@example.com", "ada@example.org"),
        ("ada@mail.example.com", "ada@example.com"),
        ("ada@gmail.com", "bob@gmail.com"),
        ("ada-tea@example.com", "ada@example.com"),
    ],
)
def test_two_people_stay_two(one, other):
    assert identity(one) != identity(other)


def test_an_international_domain_is_the_same_in_both_forms():
    assert identity("ada@bücher.example") == identity("Ada@xn--bcher-kva.example")
    assert identity("ada@BÜCHER.example") == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "odd", ["", "@", "ada", "ada@", "@example.com", "a@" + "ü" * 200, "a@x..y"]
)
def test_whatever_is_asked_there_is_an_answer_that_fits(odd):
    assert len(identity(odd)) <= 254


def test_an_address_that_grows_when_it_is_folded_still_fits():
    first, second = ("ﷺ" * 20 + f"{n}@example.com" for n in (1, 2))

    assert len(identity(first)) <= 254
    assert identity(first) != identity(second)
    assert identity(first) == identity(first.upper())


@pytest.mark.django_db
def test_orders_from_before_learn_whose_they_are():
    orders = [make_order(email="Ada+tea@Example.com"), make_order(email="bob@example.com")]
    known = make_order(email="eve@example.com", customer="somebody@example.com")

    import_module("checkout.migrations.0003_customers").name_customers(apps, None)

    for order in (*orders, known):
        order.refresh_from_db()
    assert [order.customer for order in (*orders, known)] == [
        "ada@example.com", "bob@example.com", "somebody@example.com",
    ]  # fmt: skip
