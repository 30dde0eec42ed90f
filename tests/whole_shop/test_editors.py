"""What editors do, told in their own words, in a browser on the running shop."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures.whole_shop import Shop

from .desk import Desk
from .people import Person

SENCHA = "/tea/green/sencha/"


@pytest.fixture(scope="module")
def pages(shop_processes: Shop) -> dict[str, int]:
    """The ids of the pages that an editor would click her way to, by slug."""
    command = (
        "from wagtail.models import Page;"
        "print(*(f'{p.slug}={p.pk}' for p in Page.objects.filter(depth__gt=2)))"
    )
    words = shop_processes.manage("shell", "--no-imports", "-c", command).split()
    ids = (word.split("=") for word in words if "=" in word)
    return {name: int(pk) for name, pk in ids if pk.isdigit()}


def test_a_new_product_is_sold_after_one_flow(person: Callable[..., Person], pages) -> None:
    editor = Desk(person())
    editor.begins_a_product_page(below=pages["green"])
    editor.writes(title="Bancha", summary="Roasted lightly, for the evening.")
    editor.makes_the_product(
        "Bancha",
        {"sku": "BANCHA-50", "first_value": "50 g", "price": "6.90", "opening_stock": "9"},
        {"sku": "BANCHA-100", "first_value": "100 g", "price": "12.50", "opening_stock": "0"},
    )

    expect(editor.looks_at_the_preview().get_by_role("heading", name="Bancha")).to_be_visible()
    expect(editor.reads_the_checks()).to_contain_text("No picture")
    editor.publishes()

    shopper = person()
    shopper.opens("/tea/green/bancha/")
    expect(shopper.page.locator(".product__offer")).to_contain_text("€6.90")
    expect(shopper.page.locator(".choice", has_text="100 g")).to_contain_text("Sold out")
    expect(shopper.page.get_by_role("button", name="Add to cart")).to_be_enabled()


def test_a_check_that_came_to_nothing_is_made_again(person, pages) -> None:
    editor = Desk(person())
    editor.opens(pages["sencha"])
    editor.loses_the_next_check()

    expect(editor.reads_the_checks().locator("[data-content-word-count]")).not_to_have_text("-")


def test_publishing_waits_for_the_draft_that_is_being_saved(person, pages) -> None:
    editor = Desk(person())
    editor.begins_a_product_page(below=pages["green"])
    with editor.has_not_heard_that_the_draft_is_saved("Kukicha"):
        editor.makes_the_product(
            "Kukicha", {"sku": "KUKICHA", "price": "5.00", "opening_stock": "1"}
        )
        editor.chooses("Publish")

    expect(editor.page.get_by_role("link", name="View live")).to_be_visible()


def test_a_page_is_seen_sold_out_and_on_sale_before_it_is(person, pages) -> None:
    editor = Desk(person())
    editor.opens(pages["sencha"])

    expect(editor.looks_at_the_preview().get_by_role("button", name="Add to cart")).to_be_visible()
    sold_out = editor.looks_at_the_preview("Sold out")
    expect(sold_out.get_by_text("Preview: sold out")).to_be_visible()
    expect(sold_out.get_by_role("button", name="Add to cart")).to_be_hidden()
    on_sale = editor.looks_at_the_preview("On sale")
    expect(on_sale.get_by_text("Lowest price of the 30 days before").first).to_be_visible()
    on_a_date = editor.looks_at_the_preview("On a date")
    on_a_date.get_by_label("On", exact=True).fill("2031-05-01T09:00")
    on_a_date.get_by_role("button", name="Show", exact=True).click()
    expect(on_a_date.get_by_text("May 1, 2031")).to_be_visible()

    shopper = person()
    shopper.opens(SENCHA)
    expect(shopper.page.get_by_role("button", name="Add to cart")).to_be_visible()
    expect(shopper.page.locator(".product__offer")).not_to_contain_text("instead of")


def test_what_an_author_submits_is_live_once_a_moderator_approves(person, pages) -> None:
    author = Desk(person(), "author")
    author.opens(pages["earl-grey"])
    author.writes(title="Earl Grey with more bergamot")
    author.submits()
    shopper = person()
    shopper.opens("/tea/black/earl-grey/")
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text("Earl Grey")

    moderator = Desk(person(), "moderator")
    moderator.opens(pages["earl-grey"])
    moderator.approves()

    shopper.opens("/tea/black/earl-grey/")
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text(
        "Earl Grey with more bergamot"
    )


def test_a_page_goes_live_at_the_time_that_was_set(person, pages, shop_processes: Shop) -> None:
    editor = Desk(person())
    editor.begins_a_product_page(below=pages["green"])
    editor.writes(title="New Year's tea")
    editor.makes_the_product(
        "New Year's tea", {"sku": "NEW-YEAR", "price": "19.00", "opening_stock": "5"}
    )
    editor.schedules("2031-01-01 00:00")

    shopper = person()
    shopper.opens("/tea/green/new-years-tea/")
    expect(shopper.page.get_by_role("heading", level=1)).not_to_contain_text("New Year")
    on_that_day(shop_processes, "2031-01-01T00:01")

    shopper.opens("/tea/green/new-years-tea/")
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text("New Year's tea")


def test_an_old_version_brings_back_its_words_but_neither_price_nor_stock(person, pages) -> None:
    editor = Desk(person())
    editor.opens(pages["gyokuro"])
    editor.writes(title="Gyokuro from Yame")
    editor.publishes()
    editor.opens(pages["gyokuro"])
    editor.writes(title="Gyokuro, or so we thought")
    editor.publishes()
    staff = Desk(person(), "staff")
    staff.opens_prices_and_stock("Gyokuro")
    staff.changes_the_price("50 g", to="21.30", because="A poor harvest")
    staff.receives("50 g", pieces=7)
    expect(staff.variant("50 g")).to_contain_text("€21.30")
    expect(staff.available("50 g")).to_have_text("25")

    editor.opens(pages["gyokuro"])
    editor.goes_back_to_the_version_called("Gyokuro from Yame")
    editor.publishes("Publish this version")

    shopper = person()
    shopper.opens("/tea/green/gyokuro/")
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text("Gyokuro from Yame")
    expect(shopper.page.locator(".product__offer")).to_contain_text("€21.30")
    staff.opens_prices_and_stock("Gyokuro")
    expect(staff.variant("50 g")).to_contain_text("€21.30")
    expect(staff.available("50 g")).to_have_text("25")


def on_that_day(shop: Shop, moment: str) -> None:
    """The worker keeps the schedules as it will then."""
    shop.manage(
        "shell",
        "--no-imports",
        "-c",
        "import time_machine; from storefront.tasks import publish_scheduled\n"
        f"with time_machine.travel('{moment}'): publish_scheduled()",
    )
