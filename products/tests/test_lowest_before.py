"""The lowest price of the 30 days before a reduction: Directive 98/6/EC, Art. 6a.

A history is written as (day, price) or (day, price, price that is crossed out).
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from products import applying, catalogue, planning, pricing
from products.models import Price, PriceChange, Variant

from .factories import make_variant

pytestmark = pytest.mark.django_db

OPENED = datetime(2026, 1, 1, 9, tzinfo=UTC)
migration = import_module("products.migrations.0002_planned_reduced_and_unit_prices")


def day(number: float) -> datetime:
    return OPENED + timedelta(days=number)


def variant_with(*history: tuple) -> Variant:
    variant = make_variant("TEA-100", price=None, title="Sencha")
    for number, amount, *compare_at in history:
        pricing.set_price(
            variant,
            Decimal(amount),
            compare_at=Decimal(compare_at[0]) if compare_at else None,
            currency="EUR",
            by=None,
            at=day(number),
        )
    return variant


HISTORIES = {
    "one price all along": ([(0, "12"), (100, "10", "12")], "12"),
    "a price set long ago that still held": ([(0, "11"), (80, "12"), (100, "10", "12")], "11"),
    "a price that ended before": ([(0, "8"), (60, "12"), (100, "10", "12")], "12"),
    "a price that ended as the 30 days began": ([(0, "8"), (70, "12"), (100, "10", "12")], "12"),
    "a price that ended just after": ([(0, "8"), (70.01, "12"), (100, "10", "12")], "8"),
    "raised shortly before": ([(0, "10"), (99, "14"), (100, "11", "14")], "10"),
    "on sale for ten days only": ([(0, "12"), (5, "11"), (8, "12"), (10, "10", "12")], "11"),
    "a second reduction soon after": (
        [(0, "12"), (100, "9", "12"), (105, "12"), (110, "10", "12")],
        "9",
    ),
    "a second reduction much later": (
        [(0, "12"), (100, "9", "12"), (105, "12"), (140, "10", "12")],
        "12",
    ),
    "deeper without a break": ([(0, "12"), (100, "10", "12"), (110, "8", "12")], "12"),
    "another price crossed out": ([(0, "12"), (100, "10", "12"), (110, "10", "11")], "12"),
    "less deep: looks back anew": ([(0, "12"), (100, "8", "12"), (105, "10", "12")], "8"),
    "deeper, after it looked back anew": (
        [(0, "12"), (100, "8", "12"), (105, "10", "12"), (110, "9", "12")],
        "8",
    ),
}


@pytest.mark.parametrize(("history", "lowest"), HISTORIES.values(), ids=HISTORIES.keys())
def test_a_reduction_keeps_the_lowest_price_of_the_30_days_before_it_began(history, lowest):
    variant_with(*history)

    assert Price.objects.get().lowest_before == Decimal(lowest)


@pytest.mark.parametrize(("history", "lowest"), HISTORIES.values(), ids=HISTORIES.keys())
def test_reductions_from_before_this_was_kept_learn_it_from_the_log(history, lowest):
    variant_with(*history)

    assert migration._lowest_before(list(PriceChange.objects.order_by("pk"))) == Decimal(lowest)


def test_the_end_of_a_reduction_clears_it():
    variant_with((0, "12"), (100, "10", "12"), (110, "12"))

    assert Price.objects.get().lowest_before is None


def test_each_currency_looks_at_its_own_prices():
    variant = variant_with((0, "12"), (100, "10", "12"))
    for number, amount, before in ((0, "5", None), (101, "4", "5")):
        pricing.set_price(
            variant,
            Decimal(amount),
            compare_at=Decimal(before) if before else None,
            currency="USD",
            by=None,
            at=day(number),
        )

    assert Price.objects.get(currency="USD").lowest_before == 5


def test_a_first_price_cannot_be_a_reduced_one():
    with pytest.raises(pricing.NothingBefore):
        variant_with((0, "10", "12"))

    assert not Price.objects.exists()
    assert not PriceChange.objects.exists()


def test_the_database_itself_refuses_a_reduction_without_its_lowest_price():
    variant_with((0, "12"), (100, "10", "12"))

    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.update(lowest_before=None)


def test_planned_reductions_look_back_from_the_day_they_begin():
    variant = variant_with((0, "9"), (50, "12"))
    planning.plan_price(
        variant, Decimal(10), compare_at=Decimal(12), currency="EUR",
        starts_at=day(100), until=day(110), by=None, at=day(60),
    )  # fmt: skip
    applying.apply_all_due(at=day(100))

    assert Price.objects.get().lowest_before == 12

    applying.apply_all_due(at=day(110))

    assert Price.objects.get().lowest_before is None


@pytest.mark.parametrize("second", [("13", None), ("10", "12")], ids=["raised", "reduced"])
def test_prices_that_nobody_ever_saw_do_not_count(second):
    """A beat that comes late applies two plans at once: the first held for no time at all."""
    variant = variant_with((0, "12"))
    for number, amount, before in ((90, "5", None), (95, *second)):
        planning.plan_price(
            variant,
            Decimal(amount),
            compare_at=Decimal(before) if before else None,
            currency="EUR",
            starts_at=day(number),
            by=None,
            at=day(60),
        )
    applying.apply_all_due(at=day(100))

    planning.set_price_now(
        variant, Decimal(9), compare_at=Decimal(13), currency="EUR", by=None, at=day(101)
    )

    assert Price.objects.get().lowest_before == 12


# --- What shoppers see of it -----------------------------------------------------------------


def test_page_and_card_name_the_price_the_one_before_and_the_lowest(client):
    variant_with((0, "11"), (80, "12"), (100, "10", "12"))

    for address in ("/green-tea/sencha-1/", "/green-tea/"):
        words = text_of(client.get(address))

        assert "€10.00 instead of €12.00" in words
        assert "Lowest price of the 30 days before the reduction: €11.00" in words


def test_a_price_that_is_not_reduced_says_nothing_of_the_kind(client):
    variant_with((0, "12"))

    words = text_of(client.get("/green-tea/sencha-1/"))

    assert "instead of" not in words
    assert "Lowest price" not in words


def test_the_offer_to_the_cart_carries_it_along():
    variant_with((0, "11"), (80, "12"), (100, "10", "12"))

    offer = catalogue.offers(["TEA-100"], currency="EUR")["TEA-100"]

    assert (str(offer.compare_at), str(offer.lowest_before)) == ("12.00", "11.00")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))
