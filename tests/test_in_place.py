"""Where script runs, cart and lists change on the page that is open. In a browser."""

import re

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from checkout.models import ShippingRate
from checkout.tests.buying import open_shop
from products.tests.factories import make_category, make_home, make_variant

pytestmark = pytest.mark.django_db(transaction=True)


def stay(page: Page) -> None:
    """From now on, `has_stayed` tells whether a page was loaded."""
    page.evaluate("window.stayed = true")


def has_stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def follow(page: Page, link: str) -> None:
    """Go where the link leads, and wait for its styles and script: both come after the text."""
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("link", name=link).click()
    page.wait_for_function("() => document.readyState === 'complete'")


def put_in_the_cart(page: Page, live_server: LiveServer, **about: int) -> None:
    """A tea of which this is known, and the page of the cart."""
    product = make_variant("TEA-100", title="Sencha", **about).product.pages.get()
    page.goto(live_server.url + product.url)
    page.get_by_role("button", name="Add to cart").click()
    follow(page, "To the cart")


def test_adding_changes_the_count_and_offers_the_way_to_the_cart(page, live_server):
    product = make_variant("TEA-100", title="Sencha").product.pages.get()
    page.goto(live_server.url + product.url)
    stay(page)

    page.get_by_role("button", name="One more").click()
    page.get_by_role("button", name="Add to cart").click()

    news = page.locator("#added")
    expect(news).to_contain_text("Added to your cart")
    expect(news).to_contain_text("2 × €10.00")
    expect(page.get_by_role("link", name="2 in the cart")).to_be_visible()
    assert has_stayed(page)
    expect(page.get_by_role("button", name="Add to cart")).to_be_focused()

    page.keyboard.press("Escape")
    expect(news).to_be_empty()


def test_quantities_change_in_place_and_the_reader_keeps_the_place(page, live_server):
    for sku, title in (("TEA-1", "Sencha"), ("TEA-2", "Assam")):
        product = make_variant(sku, title=title).product.pages.get()
        page.goto(live_server.url + product.url)
        page.get_by_role("button", name="Add to cart").click()
        follow(page, "To the cart")
    stay(page)
    sencha = page.get_by_role("listitem").filter(has_text="Sencha")

    sencha.get_by_role("button", name="One more").click()

    expect(sencha.get_by_text("€20.00")).to_be_visible()
    expect(page.get_by_role("link", name="3 in the cart")).to_be_visible()
    expect(sencha.get_by_role("button", name="One more")).to_be_focused()
    expect(page.locator("#news")).to_have_text("3 things in your cart, €30.00")

    page.get_by_role("button", name="Remove Sencha").click()

    expect(sencha).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert has_stayed(page)


def test_sorting_and_paging_change_the_list_and_the_address_and_back_goes_back(page, live_server):
    shelf = make_category("Green tea", parent=make_home())
    for number in range(26):
        make_variant(f"TEA-{number}", price=f"{50 - number}.00", title=f"Tea {number:02}")
    first = page.locator(".product-card__name").first
    page.goto(live_server.url + shelf.url)
    expect(first).to_have_text("Tea 00")
    stay(page)

    page.get_by_label("Sort by").select_option("price")
    expect(first).to_have_text("Tea 25")
    expect(page).to_have_url(re.compile(r"[?&]sort=price$"))

    page.get_by_role("link", name="Next").click()
    expect(first).to_have_text("Tea 01")
    expect(page).to_have_url(re.compile(r"\?sort=price&page=2$"))

    page.go_back()
    expect(first).to_have_text("Tea 25")
    assert has_stayed(page)


def test_where_nobody_sends_to_there_is_nothing_to_agree_to(page, live_server):
    open_shop()
    put_in_the_cart(page, live_server, weight=40_000)
    ShippingRate.objects.filter(zone__name="Abroad").update(up_to_grams=30_000)
    follow(page, "checkout")
    terms, country = page.get_by_label("I have read and accept"), page.get_by_label("Country")
    terms.check()

    country.first.select_option("CH")

    expect(page.get_by_text("We cannot send this basket to that country.").first).to_be_visible()
    expect(terms).to_be_hidden()
    expect(page.get_by_role("button", name="Order and pay")).to_be_hidden()

    country.first.select_option("DE")

    expect(terms).to_be_checked()
    expect(page.get_by_role("button", name="Order and pay €14.90")).to_be_visible()


def test_what_was_chosen_before_the_script_came_counts_as_well(page, live_server):
    open_shop()
    put_in_the_cart(page, live_server, weight=40_000)
    ShippingRate.objects.filter(zone__name="Abroad").update(up_to_grams=30_000)
    on_their_way: list[Route] = []
    page.route("**/checkout.js", lambda route: on_their_way.append(route))
    with page.expect_request("**/checkout.js"):
        page.get_by_role("link", name="checkout").click()

    page.get_by_label("Country").first.select_option("CH")
    on_their_way[0].continue_()

    expect(page.get_by_text("We cannot send this basket to that country.").first).to_be_visible()


def test_an_order_is_not_overtaken_by_the_total_it_breaks_off(page, live_server):
    open_shop()
    put_in_the_cart(page, live_server)
    # As Firefox and Safari do: what is under way when a form is sent fails, and not as aborted.
    page.add_init_script("""
        window.fetch = () => new Promise((_, reject) => addEventListener("submit", () => {
            setTimeout(() => reject(new TypeError("NetworkError")));
        }));
    """)
    follow(page, "checkout")
    sent: list[str] = []

    def keep(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=204)

    page.route("**/checkout/", keep)
    page.get_by_role("textbox", name="Postcode").fill("10969")
    page.get_by_label("I have read and accept the terms").check()

    page.evaluate("() => { document.querySelector('[data-checkout]').noValidate = true }")
    with page.expect_request("**/checkout/"):
        page.get_by_role("button", name="Order and pay").click()
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))")

    assert len(sent) == 1
    assert "refresh=" not in sent[0]


def test_a_total_that_comes_late_takes_nothing_from_under_the_shoppers_hands(page, live_server):
    open_shop()
    put_in_the_cart(page, live_server)
    follow(page, "checkout")
    terms = page.get_by_label("I have read and accept the terms")
    on_their_way: list[Route] = []
    page.route("**/checkout/", lambda route: on_their_way.append(route))

    with page.expect_request("**/checkout/"):
        page.get_by_role("textbox", name="Postcode").fill("10969")
        terms.focus()
    old = page.locator("#totals").element_handle()
    on_their_way[0].continue_()
    page.wait_for_function("old => !old.isConnected", arg=old)

    expect(terms).to_be_focused()
    page.keyboard.press("Space")
    expect(terms).to_be_checked()
