"""Prices for later: applied once, in their order, however late."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, transaction

from products import applying, foreseeing, planning, pricing, replanning, tasks
from products.models import PlannedPrice, Price, PriceChange, Variant

from .factories import make_variant

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def after(**later: float) -> datetime:
    return NOON + timedelta(**later)


def variant_at(price: str, sku: str = "TEA-100") -> Variant:
    variant = make_variant(sku, price=None)
    set_now(variant, price, at=after(days=-50))
    return variant


def set_now(variant: Variant, amount: str, *, at: datetime = NOON, **facts) -> None:
    planning.set_price_now(variant, Decimal(amount), currency="EUR", by=None, at=at, **facts)


def plan(variant: Variant, amount: str, **facts) -> PlannedPrice:
    facts = {"currency": "EUR", "by": None, "at": NOON, "starts_at": after(hours=1)} | facts
    return planning.plan_price(variant, Decimal(amount), **facts)


def beat(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        tasks.apply_planned_prices()


def price(variant: Variant) -> Decimal:
    return Price.objects.get(variant=variant, currency="EUR").amount


def test_a_planned_price_holds_from_its_moment_and_the_log_says_whose_plan_it_was():
    variant = variant_at("12")
    planner = User.objects.create_user("planner")
    planned = plan(variant, "11", by=planner, reason="New harvest")

    beat(after(minutes=59))
    assert price(variant) == 12

    beat(after(minutes=60))
    assert price(variant) == 11
    change = PriceChange.objects.first()
    assert (change.changed_by, change.reason, change.plan) == (planner, "New harvest", planned)
    assert change.changed_at == after(minutes=60)


def test_it_is_applied_once_whatever_happens_to_the_price_afterwards():
    variant = variant_at("12")
    plan(variant, "11")
    beat(after(hours=1))
    set_now(variant, "15", at=after(hours=2))

    beat(after(hours=3))

    assert price(variant) == 15
    assert PriceChange.objects.count() == 3


def test_a_beat_that_was_away_catches_up_in_the_order_of_the_moments():
    variant = variant_at("12")
    plan(variant, "9", starts_at=after(hours=3))
    plan(variant, "11", starts_at=after(hours=1))
    plan(variant, "10", starts_at=after(hours=2))

    beat(after(hours=30))

    assert price(variant) == 9
    logged = PriceChange.objects.order_by("pk").values_list("new_amount", flat=True)
    assert list(logged) == [12, 11, 10, 9]
    assert not PlannedPrice.objects.pending().exists()


def test_a_change_by_hand_is_not_undone_by_a_plan_that_was_due_before_it():
    variant = variant_at("12")
    plan(variant, "11", starts_at=after(minutes=10))

    set_now(variant, "20", at=after(minutes=10, seconds=30))
    beat(after(minutes=11))

    assert price(variant) == 20
    logged = PriceChange.objects.order_by("pk").values_list("new_amount", flat=True)
    assert list(logged) == [12, 11, 20]


def test_a_sale_with_an_end_returns_to_the_price_before():
    variant = variant_at("12")
    plan(variant, "9", compare_at=Decimal(12), until=after(days=7))

    beat(after(hours=1))
    now = Price.objects.get()
    assert (now.amount, now.compare_at) == (9, 12)

    beat(after(days=7))
    now = Price.objects.get()
    assert (now.amount, now.compare_at) == (12, None)


def test_a_sale_that_begins_at_once_may_have_an_end_too():
    variant = variant_at("12")
    set_now(variant, "9", compare_at=Decimal(12), until=after(days=7))
    assert price(variant) == 9

    beat(after(days=7))

    assert price(variant) == 12


def test_a_sale_returns_to_the_price_it_replaced_and_not_to_that_of_the_day_it_was_planned():
    variant = variant_at("12")
    plan(variant, "9", compare_at=Decimal(12), starts_at=after(days=5), until=after(days=7))
    set_now(variant, "14", at=after(days=1))

    beat(after(days=8))

    assert price(variant) == 14


def test_the_end_that_is_shown_in_advance_knows_of_the_plans_before_it():
    variant = variant_at("12")
    plan(variant, "13", starts_at=after(days=1))

    sale = plan(variant, "9", starts_at=after(days=5), until=after(days=7))

    assert sale.end.amount == 13


def test_a_plan_can_be_withdrawn_and_the_end_of_its_sale_goes_with_it():
    variant = variant_at("12")
    sale = plan(variant, "9", until=after(days=7))

    replanning.withdraw(sale, by=None, at=after(minutes=5))
    beat(after(days=8))

    assert price(variant) == 12
    assert PriceChange.objects.count() == 1
    assert PlannedPrice.objects.filter(withdrawn_at=after(minutes=5)).count() == 2


def test_a_plan_can_be_changed_and_the_old_one_stays_on_record():
    variant = variant_at("12")
    old = plan(variant, "9", until=after(days=7))

    replanning.replace(old, Decimal(10), by=None, at=after(minutes=5), starts_at=after(hours=2))
    beat(after(hours=1))
    assert price(variant) == 12
    beat(after(days=8))

    assert price(variant) == 10
    old.refresh_from_db()
    assert (old.amount, old.withdrawn_at) == (9, after(minutes=5))


def test_what_is_applied_can_neither_be_changed_nor_withdrawn():
    variant = variant_at("12")
    planned = plan(variant, "11")
    beat(after(hours=1))

    with pytest.raises(replanning.TooLate):
        replanning.withdraw(planned, by=None, at=after(hours=2))
    with pytest.raises(replanning.TooLate):
        replanning.replace(
            planned, Decimal(1), by=None, at=after(hours=2), starts_at=after(hours=3)
        )

    assert not PlannedPrice.objects.pending().exists()
    assert price(variant) == 11


def test_a_change_that_is_refused_leaves_the_old_plan_standing():
    variant = variant_at("12")
    plan(variant, "10", starts_at=after(hours=2))
    planned = plan(variant, "11")

    with pytest.raises(planning.MomentTaken):
        replanning.replace(planned, Decimal(9), by=None, at=NOON, starts_at=after(hours=2))

    planned.refresh_from_db()
    assert planned.withdrawn_at is None


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"starts_at": NOON}, planning.InThePast),
        ({"until": after(hours=1)}, planning.InThePast),
        ({"starts_at": after(days=3)}, planning.MomentTaken),
        ({"until": after(days=4)}, planning.Crossing),
        ({"currency": "USD", "compare_at": Decimal(12)}, pricing.NothingBefore),
        ({"currency": "USD", "until": after(days=1)}, pricing.NothingBefore),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_nothing_is_written(facts, error):
    variant = variant_at("12")
    plan(variant, "10", starts_at=after(days=3))

    with pytest.raises(error):
        plan(variant, "9", **facts)

    assert PlannedPrice.objects.count() == 1


@pytest.mark.parametrize(
    ("until", "currency", "error"),
    [
        (NOON, "EUR", planning.InThePast),
        (after(days=4), "EUR", planning.Crossing),
        (after(days=1), "USD", pricing.NothingBefore),
    ],
)
def test_a_sale_that_cannot_end_does_not_begin(until, currency, error):
    variant = variant_at("12")
    plan(variant, "10", starts_at=after(days=3))

    with pytest.raises(error):
        planning.set_price_now(
            variant, Decimal(9), currency=currency, until=until, by=None, at=NOON
        )

    assert price(variant) == 12
    assert PriceChange.objects.count() == 1
    assert PlannedPrice.objects.count() == 1


def test_a_crash_half_way_leaves_the_plan_for_the_next_beat(monkeypatch):
    variant = variant_at("12")
    plan(variant, "11")

    with monkeypatch.context() as crashing:
        crashing.setattr(applying, "_settle_end", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            beat(after(hours=1))
    assert price(variant) == 12

    beat(after(hours=1, minutes=1))

    assert price(variant) == 11
    assert PriceChange.objects.count() == 2


def test_a_plan_that_cannot_be_applied_does_not_hold_up_the_others(caplog, monkeypatch):
    broken, fine = variant_at("12"), variant_at("12", sku="TEA-200")
    for variant in (broken, fine):
        plan(variant, "11", compare_at=Decimal(12))
    set_price = pricing.set_price

    def refused(variant: Variant, *args, **facts) -> None:
        if variant == broken:
            raise DatabaseError
        set_price(variant, *args, **facts)

    monkeypatch.setattr(pricing, "set_price", refused)

    beat(after(hours=1))

    assert price(fine) == 11
    assert PlannedPrice.objects.pending().get().variant == broken
    assert "not applied" in caplog.text


def test_a_sale_whose_launch_was_put_off_is_a_first_price_and_the_launch_follows():
    variant = make_variant("NEW-1", price=None)
    launch = plan(variant, "110", starts_at=after(days=1))
    plan(variant, "90", compare_at=110, starts_at=after(days=2), until=after(days=3))
    replanning.replace(launch, Decimal(110), by=None, at=after(hours=1), starts_at=after(days=5))
    foreseen = foreseeing.prices([variant.pk], currency="EUR", at=after(days=4))

    beat(after(days=4))

    [of_today] = Price.objects.filter(variant=variant)
    assert (of_today.amount, of_today.compare_at) == (90, None)
    assert (foreseen[variant.pk].amount, foreseen[variant.pk].compare_at) == (90, None)
    beat(after(days=5))
    assert price(variant) == 110
    assert not PlannedPrice.objects.pending().exists()


@pytest.mark.parametrize(
    ("starts", "until"),
    [(5, 15), (1, 4), (1, 15), (5, None)],
    ids=["outlasts it", "ends in it", "around it", "for good, in it"],
)
def test_plans_that_would_undo_each_other_are_refused(starts, until):
    variant = variant_at("100")
    plan(variant, "80", starts_at=after(days=3), until=after(days=10))

    with pytest.raises(planning.Crossing):
        plan(
            variant,
            "70",
            starts_at=after(days=starts),
            until=after(days=until) if until else None,
        )
    with pytest.raises(planning.Crossing):
        set_now(variant, "70", until=after(days=5))

    assert PlannedPrice.objects.count() == 2
    assert price(variant) == 100


def test_a_sale_within_a_sale_returns_to_the_outer_one_and_that_to_the_regular_price():
    variant = variant_at("100")
    plan(variant, "80", starts_at=after(days=1), until=after(days=10))
    plan(variant, "70", starts_at=after(days=3), until=after(days=5))

    seen = []
    for day in (2, 4, 6, 11):
        beat(after(days=day))
        seen.append(price(variant))

    assert seen == [80, 70, 80, 100]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "the later one first"])
def test_one_sale_may_begin_at_the_moment_another_ends(order):
    variant = variant_at("100")
    sales = [("80", 1, 3), ("70", 3, 5)]
    for number in order:
        amount, start, end = sales[number]
        plan(variant, amount, starts_at=after(days=start), until=after(days=end))
    foreseen = foreseeing.prices([variant.pk], currency="EUR", at=after(days=3))
    ends = list(PlannedPrice.objects.filter(ends__isnull=False))

    seen = []
    for day in (1, 3, 5):
        beat(after(days=day))
        seen.append(price(variant))

    assert seen == [80, 70, 100]
    assert {end.amount for end in ends} == {100}
    assert foreseen[variant.pk].amount == 70


def test_two_sales_that_end_at_one_moment_are_refused():
    variant = variant_at("100")
    plan(variant, "80", starts_at=after(days=1), until=after(days=5))

    with pytest.raises(planning.MomentTaken):
        plan(variant, "70", starts_at=after(days=2), until=after(days=5))

    assert PlannedPrice.objects.count() == 2


def test_the_end_of_a_sale_may_be_moved_to_where_the_next_begins_and_no_further():
    variant = variant_at("100")
    sale = plan(variant, "80", starts_at=after(days=1), until=after(days=2))
    plan(variant, "70", starts_at=after(days=3), until=after(days=5))

    with pytest.raises(planning.Crossing):
        replanning.move_end(sale.end, after(days=4), by=None, at=NOON)
    sale.refresh_from_db()
    replanning.move_end(sale.end, after(days=3), by=None, at=NOON)
    beat(after(days=2))
    assert price(variant) == 80
    beat(after(days=3))
    assert price(variant) == 70


@pytest.mark.parametrize("day", [1, 2, 5, 12], ids=["its begin", "before", "its twin", "after"])
def test_the_end_of_a_sale_within_a_sale_stays_within(day):
    variant = variant_at("100")
    outer = plan(variant, "80", starts_at=after(days=1), until=after(days=5))
    inner = plan(variant, "70", starts_at=after(days=2), until=after(days=3))

    with pytest.raises((planning.Crossing, planning.MomentTaken)):
        replanning.move_end(inner.end, after(days=day), by=None, at=NOON)
    with pytest.raises(planning.Crossing):
        replanning.move_end(outer.end, after(days=2, hours=1), by=None, at=NOON)
    replanning.move_end(inner.end, after(days=4), by=None, at=NOON)

    seen = []
    for later in (1, 2, 4, 5):
        beat(after(days=later))
        seen.append(price(variant))
    assert seen == [80, 70, 80, 100]


def test_the_end_of_a_sale_is_not_moved_past_a_price_for_good():
    variant = variant_at("100")
    sale = plan(variant, "80", starts_at=after(days=1), until=after(days=3))
    plan(variant, "110", starts_at=after(days=5))

    with pytest.raises(planning.Crossing):
        replanning.move_end(sale.end, after(days=7), by=None, at=NOON)
    beat(after(days=14))

    assert price(variant) == 110


def test_what_a_moved_end_returns_to_is_read_anew():
    variant = variant_at("12")
    sale = plan(variant, "9", until=after(days=7))
    set_now(variant, "14", at=after(minutes=5))
    stale = PlannedPrice.objects.get(ends=sale)
    beat(after(hours=1))

    replanning.move_end(stale, after(days=8), by=None, at=after(hours=2))
    beat(after(days=14))

    assert price(variant) == 14


def test_the_end_of_a_sale_cannot_become_another_price():
    variant = variant_at("12")
    sale = plan(variant, "9", until=after(days=7))

    with pytest.raises(planning.Crossing):
        replanning.replace(sale.end, Decimal(10), by=None, at=NOON, starts_at=after(days=7))


def test_the_lowest_price_before_is_foreseen_where_a_sale_follows_a_dearer_time():
    variant = variant_at("100")
    plan(variant, "120", starts_at=after(days=1), until=after(days=40))
    plan(variant, "90", compare_at=100, starts_at=after(days=40), until=after(days=45))
    beat(after(days=1))

    foreseen = foreseeing.prices([variant.pk], currency="EUR", at=after(days=40))
    beat(after(days=40))

    came = Price.objects.get()
    assert (came.amount, came.lowest_before) == (90, 120)
    assert foreseen[variant.pk].lowest_before == 120


def test_a_sale_set_at_once_is_kept_with_its_end():
    user = User.objects.create_user("planner")
    variant = variant_at("12")

    set_now(variant, "9", compare_at=Decimal(12), until=after(days=7), reason="Black week")

    sale = PlannedPrice.objects.get(ends=None)
    assert (sale.starts_at, sale.applied_at, sale.amount) == (NOON, NOON, 9)
    assert (sale.end.starts_at, sale.end.amount, sale.end.compare_at) == (after(days=7), 12, None)
    planning.set_price_now(variant, Decimal(13), currency="EUR", by=user, at=after(days=1))
    sale.end.refresh_from_db()
    assert (sale.end.withdrawn_by, sale.end.withdrawn_at) == (user, after(days=1))


def test_ending_a_sale_leaves_other_goods_and_currencies_alone():
    variant, other = variant_at("12"), variant_at("12", sku="TEA-200")
    pricing.set_price(variant, Decimal(14), currency="USD", by=None, at=after(days=-1))
    for on_sale, currency in ((variant, "EUR"), (variant, "USD"), (other, "EUR")):
        planning.set_price_now(
            on_sale, Decimal(9), currency=currency, until=after(days=7), by=None, at=NOON
        )

    set_now(variant, "12", at=after(days=1))

    left = PlannedPrice.objects.pending().values_list("variant", "currency")
    assert set(left) == {(variant.pk, "USD"), (other.pk, "EUR")}


def a_running_sale(variant: Variant, *, planned: bool) -> None:
    """9 instead of 12 for a week."""
    terms = {"compare_at": Decimal(12), "until": after(days=7)}
    if planned:
        plan(variant, "9", at=after(hours=-2), starts_at=after(hours=-1), **terms)
        beat(NOON)
    else:
        set_now(variant, "9", **terms)


@pytest.mark.parametrize("planned", [True, False], ids=["planned", "set at once"])
def test_a_sale_that_is_ended_by_hand_does_not_end_a_second_time(planned):
    variant = variant_at("12")
    a_running_sale(variant, planned=planned)

    set_now(variant, "12", at=after(days=1))
    set_now(variant, "13", at=after(days=2))
    beat(after(days=8))

    assert price(variant) == 13


@pytest.mark.parametrize("planned", [True, False], ids=["planned", "set at once"])
def test_a_sale_at_another_price_keeps_its_end(planned):
    variant = variant_at("12")
    a_running_sale(variant, planned=planned)

    set_now(variant, "8", compare_at=Decimal(12), at=after(days=1))
    assert price(variant) == 8
    beat(after(days=8))

    assert price(variant) == 12


@pytest.mark.parametrize("planned", [True, False], ids=["planned", "set at once"])
def test_a_price_for_good_that_the_end_of_a_sale_would_undo_is_refused(planned):
    variant = variant_at("12")
    a_running_sale(variant, planned=planned)

    with pytest.raises(planning.Undone):
        set_now(variant, "8", at=after(days=1))
    with pytest.raises(planning.Crossing):
        plan(variant, "11", at=after(days=1), starts_at=after(days=2))

    assert price(variant) == 9
    assert PlannedPrice.objects.pending().count() == 1


def test_the_end_of_a_sale_that_is_moved_is_still_its_end():
    variant = variant_at("100")
    sale = plan(variant, "80", starts_at=after(days=1), until=after(days=10))
    moved = after(days=12)
    replanning.move_end(sale.end, moved, by=None, at=after(hours=1))
    sale.refresh_from_db()
    assert sale.end.starts_at == moved
    with pytest.raises(planning.Crossing):
        replanning.move_end(sale.end, after(hours=2), by=None, at=NOON)

    replanning.withdraw(sale, by=None, at=after(hours=2))

    assert not PlannedPrice.objects.pending().exists()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": -1},
        {"compare_at": 11},
        {"applied_at": after(minutes=59)},
        {"applied_at": after(days=1), "withdrawn_at": after(days=1)},
    ],
    ids=lambda change: ",".join(change),
)
def test_the_database_itself_refuses_a_plan_that_cannot_be(change):
    plan(variant_at("12"), "11")

    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedPrice.objects.update(**change)


def test_the_database_itself_refuses_two_plans_for_one_moment_and_two_changes_by_one_plan():
    planned = plan(variant_at("12"), "11")
    beat(after(hours=1))
    of_plan = PriceChange.objects.get(plan=planned)
    pending = plan(planned.variant, "10", at=after(hours=2), starts_at=after(hours=3))

    for twin in (pending, of_plan):
        twin.pk, twin._state.adding = None, True
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()


def test_the_database_itself_refuses_two_ends_at_one_moment():
    variant = variant_at("12")
    other = plan(variant, "11")
    beat(after(hours=1))
    sale = plan(variant, "9", at=after(hours=2), starts_at=after(hours=3), until=after(hours=4))

    twin = PlannedPrice.objects.get(ends=sale)
    twin.pk, twin.ends, twin._state.adding = None, other, True
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
