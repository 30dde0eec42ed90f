"""Editors look at a page as it would be: sold out, on sale, on a date. Nothing is written."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from products import applying, foreseeing, planning
from products.models import CategoryPage, PlannedPrice, Price, ProductPage, Variant
from products.previewing import modes
from products.previewing.modes import MODES

from .factories import make_category, make_home, make_variant, set_price
from .forms import EDITING, a_page

pytestmark = pytest.mark.django_db

# A preview may keep what the editor typed and who the editor is; it may not touch these.
WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(products|wagtailcore|cart|checkout)_')


def typed(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def preview(client, sign_in):
    """`preview(mode)`: the words of the one product page in that mode."""
    sign_in(*EDITING)

    def preview(mode: str, **words: str) -> str:
        page = ProductPage.objects.get()
        address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
        assert client.post(address, a_page(page.product, **words)).json()["is_valid"]
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(address, {"mode": mode})
        assert shown.status_code == 200
        assert not [query["sql"] for query in queries if WRITES.match(query["sql"])]
        return text_of(shown)

    return preview


def plan(variant: Variant, amount: str, days: int, *, compare_at: str = "", until: int = 0):
    at = timezone.now()
    return planning.plan_price(
        variant,
        Decimal(amount),
        currency=settings.SHOP_CURRENCY,
        compare_at=Decimal(compare_at) if compare_at else None,
        starts_at=at + timedelta(days=days),
        until=at + timedelta(days=until) if until else None,
        by=None,
        at=at,
    )


def test_a_page_is_previewed_as_it_is_and_sold_out(preview):
    make_variant("TEA-100", price="12.50", stock=3)

    assert "Only 3 left" in preview("")
    shown = preview("sold-out")

    assert "Preview: sold out" in shown
    assert "€12.50" in shown
    assert "Add to cart" not in shown


def test_a_sale_is_previewed_with_the_lowest_price_of_thirty_days(preview):
    variant = make_variant("TEA-100", price="9.00")
    set_price(variant, "10.00")

    shown = preview("on-sale")

    assert "€8.00 instead of €10.00" in shown
    assert "Lowest price of the 30 days before the reduction: €9.00" in shown


def test_what_is_reduced_already_is_previewed_as_it_is(preview):
    set_price(make_variant("TEA-100", price="10.00"), "7.00", compare_at="10.00")

    assert "€7.00 instead of €10.00" in preview("on-sale")


def test_a_date_shows_the_price_that_is_planned_for_it(preview):
    variant = make_variant("TEA-100", price="10.00")
    plan(variant, "8.00", 3, compare_at="10.00", until=5)

    before, sale, after = (
        preview(typed(timezone.now() + timedelta(days=days))) for days in (2, 4, 6)
    )

    assert "instead of" not in before
    assert "€8.00 instead of €10.00" in sale
    assert "Lowest price of the 30 days before the reduction: €10.00" in sale
    assert "instead of" not in after
    assert "€10.00" in after


def test_the_first_date_offered_is_that_of_the_next_plan(preview):
    plan(make_variant("TEA-100", price="10.00"), "8.00", 3)

    shown = preview("on-a-date")

    assert "Preview: as planned for" in shown
    assert "€8.00" in shown


def test_a_price_that_is_only_planned_is_shown_on_its_date(preview):
    plan(make_variant("TEA-100", price=None), "8.00", 3)

    assert "Not available at the moment" in preview("")
    assert "€8.00" in preview("on-a-date")


def test_a_date_says_whether_the_page_is_shown_then(preview):
    make_variant("TEA-100")
    now = timezone.now()
    words = {
        "go_live_at": typed(now + timedelta(days=2)),
        "expire_at": typed(now + timedelta(days=4)),
    }

    before, between, after = (
        preview(typed(now + timedelta(days=days)), **words) for days in (1, 3, 5)
    )

    assert "not published yet then" in before
    assert "published" not in between.partition("Only you see this")[2].partition("Add to cart")[0]
    assert "no longer published then" in after


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("2020-01-01T00:00", "Choose a moment to come."),
        ("99999-01-01T00:00", "Enter a valid date/time."),
        ("9999-12-31T23:59", "Choose a date before 2100."),
        ("x" * 5000, "Enter a valid date/time."),
    ],
)
def test_what_is_no_date_is_answered_in_words(preview, mode, message):
    make_variant("TEA-100", price="12.50")

    shown = preview(mode)

    assert message in shown
    assert "€12.50" in shown


@pytest.mark.parametrize("mode", ["", "sold-out", "on-sale", "on-a-date"])
def test_a_page_that_was_never_saved_is_previewed_too(client, sign_in, mode):
    sign_in(*EDITING)
    variant = make_variant("TEA-100", price="12.50")
    address = reverse(
        "wagtailadmin_pages:preview_on_add", args=["products", "productpage", make_category().pk]
    )

    assert client.post(address, a_page(variant.product, slug="new")).json()["is_valid"]

    assert "Sencha of spring" in client.get(address, {"mode": mode}).content.decode()


@pytest.mark.parametrize("mode", ["", "sold-out", "on-sale", "on-a-date"])
def test_a_category_that_was_never_saved_is_previewed_too(client, sign_in, mode):
    sign_in(*EDITING)
    make_variant("TEA-100")
    address = reverse(
        "wagtailadmin_pages:preview_on_add", args=["products", "categorypage", make_home().pk]
    )
    words = {"title": "Teaware", "slug": "teaware", "intro": "null", "image": ""}

    words |= nested_form_data({"comments": inline_formset([])})
    assert client.post(address, words).json()["is_valid"]

    assert "Teaware" in client.get(address, {"mode": mode}).content.decode()


def test_who_may_not_edit_sees_no_preview(client, django_user_model):
    make_variant("TEA-100")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[ProductPage.objects.get().pk])

    assert client.get(address).status_code == 302


def test_what_is_foreseen_is_what_comes(django_assert_num_queries):
    variant = make_variant("TEA-100", price="10.00")
    set_price(variant, "11.00")
    plan(variant, "9.00", 2, compare_at="11.00", until=6)
    plan(variant, "8.00", 3, compare_at="11.00", until=5)
    plan(variant, "12.00", 40)
    plan(variant, "10.00", 41, compare_at="12.00")
    set_price(variant, "11.50")  # a sale ends at the price that it found
    pending = PlannedPrice.objects.pending()
    moments = list(pending.values_list("starts_at", flat=True))
    facts = ("amount", "compare_at", "lowest_before")

    with django_assert_num_queries(3 * len(moments)):
        foreseen = [
            foreseeing.prices([variant.pk], currency="EUR", at=moment)[variant.pk]
            for moment in moments
        ]
    came = []
    for moment in moments:
        applying.apply_due(variant.pk, at=moment)
        came.append(Price.objects.values_list(*facts).get())

    assert len(moments) == 6
    assert [tuple(getattr(price, fact) for fact in facts) for price in foreseen] == came


# --- The category page -----------------------------------------------------------------------


@pytest.fixture
def shelf(client, sign_in):
    """`shelf(mode)`: the words of the one category's preview."""
    sign_in(*EDITING)

    def shelf(mode: str) -> str:
        address = reverse("wagtailadmin_pages:view_draft", args=[CategoryPage.objects.get().pk])
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(address, {"mode": mode})
        assert not [query["sql"] for query in queries if WRITES.match(query["sql"])]
        return text_of(shown)

    return shelf


def test_a_category_is_previewed_sold_out_and_on_sale(shelf):
    small = make_variant("TEA-100", price="10.00", title="Sencha")
    make_variant("TEA-250", price="20.00", product=small.product, first_value="250 g")
    make_variant("CUP-1", price="5.00", title="Cup")

    assert "Sold out" not in shelf("")
    assert shelf("sold-out").count("Sold out") == 2
    assert "from €8.00 instead of €10.00" in shelf("on-sale")
    assert "€4.00 instead of €5.00" in shelf("on-sale")


def test_a_category_on_a_date_has_the_prices_and_pages_of_that_day(shelf):
    plan(make_variant("TEA-100", price="10.00", title="Sencha"), "8.00", 3)
    make_variant("CUP-1", price="5.00", title="Cup", live=False)
    make_variant("TIN-1", price="6.00", title="Tin")
    now = timezone.now()
    cup = ProductPage.objects.get(title="Cup")
    cup.go_live_at = now + timedelta(days=2)
    cup.save_revision().publish()
    ProductPage.objects.filter(title="Tin").update(expire_at=now + timedelta(days=2))

    today, then = shelf(""), shelf(typed(now + timedelta(days=4)))

    for words, seen_today, seen_then in (
        ("€10.00", True, False),
        ("€8.00", False, True),
        ("Cup", False, True),
        ("Tin", True, False),
    ):
        assert (words in today, words in then) == (seen_today, seen_then), words


def test_an_empty_category_can_be_previewed_in_every_mode(shelf):
    make_category("Empty")

    for mode, _name in MODES:
        assert "Empty" in shelf(mode)


@pytest.mark.parametrize(
    ("moment", "typed"),
    [
        (datetime(2027, 3, 28, 0, 59, 20, tzinfo=UTC), "2027-03-28T03:00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2027-10-31T03:00"),
        (datetime(2027, 6, 1, 10, 0, 1, tzinfo=UTC), "2027-06-01T12:01"),
    ],
    ids=["an hour that is left out", "an hour that comes twice", "a minute that has begun"],
)
def test_the_date_that_is_offered_can_be_typed(moment, typed):
    with timezone.override("Europe/Berlin"):
        assert modes._typed(moment) == typed
