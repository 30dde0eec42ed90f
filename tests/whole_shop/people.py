"""The people who use a running shop, each with a browser window of their own."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.fixtures.whole_shop import Shop


@dataclass
class Person:
    """Somebody with a browser window of their own."""

    page: Page
    shop: Shop
    script: bool = True

    def opens(self, path: str) -> None:
        self.page.goto(self.shop.url + path)

    def signs_in(self, name: str) -> None:
        self.opens("/admin/login/")
        self.page.locator("input[name=username]").fill(name)
        self.page.locator("input[name=password]").fill(f"demo-{name}")
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(re.compile("/admin/$"))


def buy(shopper: Person, product: str, *, email: str) -> str:
    """From the product page to the paid order. Returns the order's number."""
    fill_in(shopper, product, email=email)
    page = shopper.page
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_role("button", name=re.compile("^Pay")).first.click()
    expect(page).to_have_url(re.compile(f"^{shopper.shop.url}/orders/"))
    number: str = page.locator(".order-number").first.inner_text()
    assert re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}", number), number
    return number


def fill_in(shopper: Person, product: str, *, email: str) -> None:
    """From the product page to the payment page."""
    page = shopper.page
    shopper.opens(product)
    page.get_by_role("button", name="Add to cart").click()
    if shopper.script:  # without it the cart opens by itself
        page.get_by_role("link", name="To the cart").click()
    page.get_by_role("link", name="checkout").click()
    page.get_by_label("E-mail").fill(email)
    page.locator("[name=name]").fill("Ada Lovelace")
    page.locator("[name=street]").fill("Lindenstraße 12")
    page.locator("[name=postcode]").fill("10969")
    page.locator("[name=city]").fill("Berlin")
    page.get_by_label("terms of sale").check()
    page.get_by_role("button", name=re.compile("Order and pay")).click()
