"""Two beats, or beat and a person, at one variant's price. Real threads, real locks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from products import applying, planning, pricing, replanning
from products.models import PlannedPrice, Price, PriceChange, Variant
from products.tests.factories import make_variant
from tests.fixtures.waiting import wait_until

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def at_once(variant: Variant, *calls: Callable[[], Any]) -> None:
    """Let every call come as far as the variant's lock, which is held until all are there."""

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        with transaction.atomic():
            pricing.lock(variant.pk)
            running = [pool.submit(_run, call) for call in calls]
            _wait_until_all_wait(len(calls))
        for future in running:
            future.result()


def _run(call: Callable[[], Any]) -> None:
    try:
        call()
    finally:
        connection.close()


def _wait_until_all_wait(number: int) -> None:
    # On SQLite they wait already where the transaction begins, and there is nothing to look at.
    if connection.vendor != "postgresql":
        return

    def all_wait() -> bool:
        with connection.cursor() as cursor:
            # Within a transaction the server would show the same picture for ever.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return bool(cursor.fetchone()[0] == number)

    wait_until(all_wait, 30, f"{number} waiting for a lock")


def beat() -> None:
    applying.apply_all_due(at=NOON + timedelta(days=9))


@pytest.fixture
def variant() -> Variant:
    variant = make_variant("TEA-100", price=None)
    pricing.set_price(variant, Decimal(12), currency="EUR", by=None, at=NOON)
    return variant


def plan_a_sale(variant: Variant) -> PlannedPrice:
    return planning.plan_price(
        variant, Decimal(9), currency="EUR", compare_at=Decimal(12), by=None, at=NOON,
        starts_at=NOON + timedelta(days=1), until=NOON + timedelta(days=2),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_apply_a_sale_and_its_end_once(variant, caplog):
    plan_a_sale(variant)

    at_once(variant, beat, beat)

    logged = PriceChange.objects.order_by("pk").values_list("new_amount", flat=True)
    assert list(logged) == [12, 9, 12]
    assert "not applied" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_plan_is_applied_or_withdrawn_and_never_both(variant):
    sale = plan_a_sale(variant)
    outcome = []

    def withdraw() -> None:
        try:
            replanning.withdraw(sale, by=None, at=NOON)
            outcome.append("withdrawn")
        except replanning.TooLate:
            outcome.append("too late")

    at_once(variant, beat, withdraw)

    sale.refresh_from_db()
    changes = PriceChange.objects.count()
    assert (outcome, changes) in ((["withdrawn"], 1), (["too late"], 3))
    assert (sale.withdrawn_at is None) == (outcome == ["too late"])


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_is_being_applied_can_no_longer_be_withdrawn(variant, monkeypatch):
    sale = plan_a_sale(variant)
    set_price, withdrawals = pricing.set_price, []

    def overtaken(*args: Any, **kwargs: Any) -> None:
        if not withdrawals:  # beat has read the plan, and has not applied it yet
            withdraw = partial(replanning.withdraw, sale, by=None, at=NOON)
            withdrawals.append(pool.submit(_run, withdraw))
            _wait_until_all_wait(1)
        set_price(*args, **kwargs)

    monkeypatch.setattr(pricing, "set_price", overtaken)
    with ThreadPoolExecutor() as pool:
        beat()

    assert isinstance(withdrawals[0].exception(), replanning.TooLate)
    sale.refresh_from_db()
    assert (sale.applied_at is None, sale.withdrawn_at) == (False, None)


@pytest.mark.django_db(transaction=True)
def test_two_first_prices_at_once_are_two_entries_that_follow_each_other():
    variant = make_variant("TEA-100", price=None)

    def set_price(amount: int) -> None:
        pricing.set_price(variant, Decimal(amount), currency="EUR", by=None, at=NOON)

    at_once(variant, lambda: set_price(10), lambda: set_price(11))

    first, second = PriceChange.objects.order_by("pk")
    assert first.old_amount is None
    assert second.old_amount == first.new_amount
    assert Price.objects.get().amount == second.new_amount
