"""What `products.checking` finds, and that it finds nothing where all is well."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from products import applying, checking, planning, replanning, stocking
from products.models import Price, PriceChange, StockItem, Variant

from .factories import make_variant, set_price

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def variant() -> Variant:
    """One with a history: reduced, reserved, sold, with a plan, and a second currency."""
    variant = make_variant("TEA-100", price="12.50", stock=9)
    set_price(variant, "9.50", compare_at="12.50")
    stocking.reserve({variant.pk: 4}, reference="order", at=NOW)
    stocking.sell({variant.pk: 3}, reference="order", at=NOW)
    for number, currency in enumerate(("EUR", "USD")):
        planning.plan_price(
            variant, Decimal(10), currency=currency, by=None, at=NOW,
            starts_at=NOW + timedelta(hours=1 + number),
        )  # fmt: skip
    make_variant("TEA-200", price=None, stock=0, title="Not priced")
    return variant


@pytest.fixture
def _without_constraints():
    """As if somebody had written past Django and the database had let them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname FROM pg_constraint"
            " WHERE contype = 'c' AND conrelid = 'products_stockitem'::regclass"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE products_stockitem DROP CONSTRAINT "{name}"')
    yield


def found(at: datetime = NOW) -> list[tuple[str, str]]:
    return [(breach.invariant, breach.subject) for breach in checking.breaches(at=at)]


def test_a_healthy_catalogue_has_no_breaches_and_takes_one_query_for_each_question(
    variant, django_assert_num_queries
):
    with django_assert_num_queries(5):
        assert found() == []


@pytest.mark.parametrize("change", [{"on_hand": 7}, {"reserved": 2}])
def test_stock_that_differs_from_its_ledger_is_found(variant, change):
    StockItem.objects.filter(variant=variant).update(**change)

    assert found() == [("stock equals its ledger", "TEA-100")]


@pytest.mark.usefixtures("_without_constraints")
@pytest.mark.parametrize("change", [{"on_hand": -1, "reserved": -2}, {"reserved": 7}])
def test_stock_that_cannot_be_is_found(variant, change):
    StockItem.objects.filter(variant=variant).update(**change)

    assert ("no stock below zero, no more promised than there is", "TEA-100") in found()


@pytest.mark.parametrize(
    "change", [{"amount": 9}, {"compare_at": 13}, {"compare_at": None, "lowest_before": None}]
)
def test_a_price_changed_behind_the_logs_back_is_found(variant, change):
    Price.objects.update(**change)

    assert found() == [("a price is the last one in its log", "TEA-100 EUR")]


def test_a_price_nobody_logged_and_a_logged_one_that_is_gone_are_found(variant):
    Price.objects.update(currency="CHF")

    assert sorted(found()) == [
        ("a price is the last one in its log", "TEA-100 CHF"),
        ("a price is the last one in its log", "TEA-100 EUR"),
    ]


def test_the_last_entry_of_a_log_is_the_one_written_last_whatever_the_clock_said(variant):
    entry = PriceChange.objects.first()
    PriceChange.objects.create(
        variant=variant, currency="EUR", old_amount=entry.new_amount, new_amount=8,
        changed_at=timezone.now() - timedelta(days=900),
    )  # fmt: skip

    assert found() == [("a price is the last one in its log", "TEA-100 EUR")]


def test_a_plan_is_overdue_ten_minutes_after_its_moment(variant):
    overdue = ("planned prices are applied within ten minutes", "TEA-100 EUR")

    assert found(NOW + timedelta(hours=1, minutes=9, seconds=59)) == []
    assert found(NOW + timedelta(hours=1, minutes=10)) == [overdue]


def test_plans_that_were_applied_or_withdrawn_are_not_overdue(variant):
    applying.apply_due(variant.pk, at=NOW + timedelta(hours=1))
    replanning.withdraw(variant.planned_prices.pending().get(), by=None, at=NOW)

    assert found(NOW + timedelta(days=9)) == []
