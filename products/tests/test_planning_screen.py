"""Planning prices, other currencies and the history, on the screen of prices and stock."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from products import applying, planning
from products.models import PlannedPrice, Price, PriceChange, Variant

from .factories import make_variant, set_price
from .forms import PRICING, STOCKING
from .test_price_and_stock import press

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()  # read once: a test may run past midnight


def moment(*, days: int) -> str:
    """Noon in so many days, as the browser's calendar sends it: the shop's time, without a zone."""
    return f"{TODAY + timedelta(days=days)}T12:00"


def plan(client, variant: Variant, amount: str = "9", **entries: str):
    entries = {"starts_at": moment(days=1)} | entries
    return press(client, variant, f"price-{variant.pk}", amount=amount, **entries)


def screen(client, variant: Variant) -> str:
    shown = client.get(reverse("products:prices_and_stock", args=[variant.product_id]))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", shown.content.decode()))


def test_a_sale_with_an_end_is_planned_in_one_step_and_shown(client, sign_in):
    user = sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")

    saved = plan(client, variant, compare_at="12.50", until=moment(days=3), reason="Black week")

    assert saved.status_code == 302
    begin, end = PlannedPrice.objects.all()
    assert (begin.amount, begin.compare_at, begin.planned_by) == (9, Decimal("12.5"), user)
    assert (end.amount, end.compare_at, end.ends) == (Decimal("12.5"), None, begin)
    assert timezone.localtime(begin.starts_at).strftime("%Y-%m-%dT%H:%M") == moment(days=1)
    assert Price.objects.get().amount == Decimal("12.5")
    words = screen(client, variant)
    assert "€9.00 instead of €12.50 Black week planned by editor-1" in words
    assert "the sale ends, the price before it returns" in words


def test_a_plan_is_changed_on_the_screen(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    plan(client, variant, until=moment(days=3))
    old = PlannedPrice.objects.first()

    saved = press(
        client, variant, f"plan-{old.pk}", amount="8", starts_at=moment(days=2), reason="Later"
    )

    assert saved.status_code == 302
    now = PlannedPrice.objects.pending().get()
    assert (now.amount, now.reason) == (8, "Later")


def test_the_form_of_a_plan_starts_from_what_is_planned(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    plan(client, variant, compare_at="12.50", until=moment(days=3))

    shown = client.get(reverse("products:prices_and_stock", args=[variant.product_id]))

    (begin, _end) = shown.context["variants"][0].plans
    form = begin.forms[0]
    assert [str(form[name].value()) for name in ("amount", "compare_at")] == ["9.00", "12.50"]
    assert f'value="{moment(days=3)}"' in str(form["until"])


def test_a_plan_is_withdrawn_on_the_screen(client, sign_in):
    user = sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    plan(client, variant, until=moment(days=3))

    saved = press(client, variant, f"withdraw-{PlannedPrice.objects.first().pk}")

    assert saved.status_code == 302
    assert PlannedPrice.objects.filter(withdrawn_by=user).count() == 2
    assert "Planned" not in screen(client, variant)


def test_the_end_of_a_sale_is_moved_on_the_screen_and_has_no_price_of_its_own(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    plan(client, variant, until=moment(days=3))
    end = PlannedPrice.objects.get(ends__isnull=False)

    shown = client.get(reverse("products:prices_and_stock", args=[variant.product_id]))
    (_begin, planned_end) = shown.context["variants"][0].plans
    assert list(planned_end.forms[0].fields) == ["starts_at", "reason"]
    saved = press(
        client,
        variant,
        f"plan-{end.pk}",
        amount="1",
        starts_at=moment(days=4),
        until=moment(days=5),
    )

    assert saved.status_code == 302
    moved = PlannedPrice.objects.pending().get(ends__isnull=False)
    assert timezone.localtime(moved.starts_at).strftime("%Y-%m-%dT%H:%M") == moment(days=4)
    assert moved.amount == Decimal("12.50")
    assert PlannedPrice.objects.pending().count() == 2


def test_a_price_that_the_end_of_a_sale_would_undo_is_refused_with_two_ways_out(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    plan(client, variant, starts_at="", compare_at="12.50", until=moment(days=3))

    refused = plan(client, variant, "8", starts_at="").content.decode()
    plan(client, variant, "8", starts_at="", compare_at="12.50")

    assert "Enter the price before the reduction to go on with that sale" in refused
    assert "withdraw its end first" in refused
    assert Price.objects.get().amount == 8
    assert PlannedPrice.objects.pending().get().starts_at > timezone.now()


def test_a_plan_that_was_applied_meanwhile_is_left_alone_and_said_so(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    plan(client, variant)
    applying.apply_all_due(at=timezone.now() + timedelta(days=2))

    shown = press(client, variant, f"withdraw-{PlannedPrice.objects.get().pk}")

    assert shown.status_code == 200
    assert "This has changed meanwhile" in shown.content.decode()
    assert PlannedPrice.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"starts_at": "2020-01-01T00:00"}, "This moment has passed."),
        ({"starts_at": "", "until": "2020-01-01T00:00"}, "This moment has passed."),
        ({"starts_at": "soon"}, "Enter a valid date/time."),
        ({"starts_at": "9999-12-31T23:59"}, "Choose a date before 2100."),
        ({"starts_at": "0001-01-01T00:00"}, "Choose a date after 1999."),
        ({"starts_at": "2027-03-28T02:30"}, "couldn’t be interpreted in time zone"),
        ({"until": moment(days=1)}, "This must be later than the beginning."),
        ({"compare_at": "9"}, "must be higher than the new price"),
        ({"reason": "x" * 201}, "at most 200 characters"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words_and_keeps_what_was_typed(
    client, sign_in, entries, message
):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")

    shown = plan(client, variant, "9.25", **entries)

    assert shown.status_code == 200
    assert message in shown.content.decode()
    assert 'value="9.25"' in shown.content.decode()
    assert not PlannedPrice.objects.exists()
    assert Price.objects.get().amount == Decimal("12.5")


def test_two_prices_for_one_moment_are_refused_in_words(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    plan(client, variant)

    shown = plan(client, variant, "8")

    assert "Another price is planned for that moment." in shown.content.decode()
    assert PlannedPrice.objects.get().amount == 9


def test_a_first_price_that_claims_to_be_reduced_is_refused_in_words(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price=None)

    shown = plan(client, variant, starts_at="", compare_at="12")

    assert "there is none yet to reduce" in shown.content.decode()
    assert not Price.objects.exists()


def test_a_price_in_another_currency_is_added_and_then_changed(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    assert "Shoppers see and pay EUR only." in screen(client, variant)

    added = press(client, variant, f"price-{variant.pk}-new", new_currency="USD", amount="13.90")
    changed = press(client, variant, f"price-{variant.pk}-USD", amount="14.50")

    assert (added.status_code, changed.status_code) == (302, 302)
    amounts = dict(Price.objects.values_list("currency", "amount"))
    assert amounts == {"EUR": Decimal("12.5"), "USD": Decimal("14.5")}
    assert "$14.50" in screen(client, variant)
    assert PriceChange.objects.filter(currency="USD").count() == 2


@pytest.mark.parametrize(
    ("currency", "amount", "message"),
    [
        ("JPY", "13.90", "no more than 0 decimal places"),
        ("EUR", "13.905", "no more than 2 decimal places"),
        ("DEM", "13.90", "Select a valid choice"),
        ("usd", "13.90", "Select a valid choice"),
        ("", "13.90", "This field is required"),
        ("USD", "1" * 5000, "Ensure that there are no more than"),
    ],
)
def test_a_price_in_a_currency_that_cannot_be_is_refused(
    client, sign_in, currency, amount, message
):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")

    shown = press(client, variant, f"price-{variant.pk}-new", new_currency=currency, amount=amount)

    assert shown.status_code == 200
    assert message in shown.content.decode()
    assert Price.objects.count() == 1


def test_staff_are_told_when_the_lowest_price_was_below_the_one_crossed_out(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="10.00")
    set_price(variant, "14.00")

    press(client, variant, f"price-{variant.pk}", amount="11.00", compare_at="14.00")

    assert "€10.00 is lower than the price that is crossed out" in screen(client, variant)


def test_the_history_says_who_planned_a_price_and_why(client, sign_in):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")
    plan(client, variant, reason="New harvest")

    applying.apply_all_due(at=timezone.now() + timedelta(days=2))

    words = screen(client, variant)
    assert re.search(r"€12\.50 €9\.00 – editor-1 planned on .* New harvest", words)


def test_whoever_may_only_move_stock_sees_plans_and_cannot_touch_them(client, sign_in):
    variant = make_variant("TEA-100", price="12.50")
    planned = planning.plan_price(
        variant, Decimal(9), currency="EUR", starts_at=timezone.now() + timedelta(days=1),
        by=None, at=timezone.now(),
    )  # fmt: skip
    sign_in(*STOCKING)

    press(client, variant, f"withdraw-{planned.pk}")
    press(client, variant, f"plan-{planned.pk}", amount="1", starts_at=moment(days=2))
    press(client, variant, f"price-{variant.pk}-new", new_currency="USD", amount="1")

    assert "€9.00" in screen(client, variant)
    assert PlannedPrice.objects.pending().get().amount == 9
    assert Price.objects.count() == 1


def test_a_plan_of_another_product_is_out_of_reach(client, sign_in):
    sign_in(*PRICING)
    mine, other = make_variant("TEA-100"), make_variant("POT-1", title="Pot")
    plan(client, other)

    press(client, mine, f"withdraw-{PlannedPrice.objects.get().pk}")

    assert PlannedPrice.objects.pending().exists()


def test_the_screen_takes_as_many_queries_for_ten_variants_as_for_one(
    client, sign_in, django_assert_max_num_queries
):
    sign_in(*PRICING, *STOCKING)
    variant = make_variant("TEA-0", first_value="0")
    for number in range(1, 10):
        other = make_variant(f"TEA-{number}", product=variant.product, first_value=f"{number}")
        plan(client, other, until=moment(days=3))
    screen(client, variant)

    with django_assert_max_num_queries(25):
        screen(client, variant)
