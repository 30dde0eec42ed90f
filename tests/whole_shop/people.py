"""The people who use a running shop, each with a browser window of their own."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.fixtures.whole_shop import Shop

PATIENCE = 60_000  # milliseconds: a busy machine is not a broken shop
expect.set_options(timeout=PATIENCE)


@dataclass
class Person:
    """Somebody with a browser window of their own."""

    page: Page
    shop: Shop

    def opens(self, path: str) -> None:
        self.page.goto(self.shop.url + path)

    def signs_in(self, name: str) -> None:
        self.opens("/admin/login/")
        self.page.locator("input[name=username]").fill(name)
        self.page.locator("input[name=password]").fill(f"demo-{name}")
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(re.compile("/admin/$"))
