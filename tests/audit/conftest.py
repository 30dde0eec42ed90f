"""`windows`: opens pages of a shop that runs as in production, for whoever is to see them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.fixtures.browser import PATIENCE
from tests.fixtures.whole_shop import Shop, demo_shop
from tests.whole_shop.people import Person, buy, fill_in

from .pages import Visit, Visitor
from .records import keys

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def served_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The demo shop with the files and the answers of production."""
    folder = tmp_path_factory.mktemp("audited-shop")
    in_front = {  # pictures are nginx's or a CDN's; here the server hands them out itself
        "GRANIAN_STATIC_PATH_ROUTE": "/media",
        "GRANIAN_STATIC_PATH_MOUNT": str(folder / "data" / "media"),
    }
    settings = {"DJANGO_SETTINGS_MODULE": "tests.audit.settings", **in_front}
    with demo_shop(folder, past_orders=True, **settings) as shop:
        shop.manage("collectstatic", "--noinput", "--verbosity", "0")
        shop.open()
        yield shop


@pytest.fixture(scope="session")
def pictures_made(served_shop: Shop) -> None:
    """As in a shop whose workers have had a minute: no page makes its visitor wait for a size."""
    served_shop.make_pictures()


@dataclass
class Windows:
    """Browser windows with the cookies of each visitor, who has done before what he needs."""

    browser: Browser
    shop: Shop
    cookies: dict[Visitor, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)

    def open(self, visit: Visit, **how: Any) -> Page:
        """A page in a new window; close its `context` afterwards. `how`: as of a new context."""
        return self._window(visit.visitor, **how).new_page()

    def url(self, visit: Visit) -> str:
        """The address of a page; orders are bought when one is first asked for."""
        self._cookies(visit.visitor)
        if "{" in visit.path:
            self._cookies(Visitor.BUYER)
            self.keys = self.keys or keys(self.shop)
        return self.shop.url + visit.path.format(**self.links, **self.keys)

    def cookie_header(self, visitor: Visitor) -> str:
        """As a browser would send it."""
        cookies = (self._cookies(visitor) or {"cookies": []})["cookies"]
        return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)

    def _window(self, visitor: Visitor, **how: Any) -> BrowserContext:
        return self._patient(**{"viewport": DESK, "storage_state": self._cookies(visitor), **how})

    def _patient(self, **how: Any) -> BrowserContext:
        context = self.browser.new_context(**how)
        context.set_default_timeout(PATIENCE)
        return context

    def _cookies(self, visitor: Visitor) -> Any:
        if visitor not in self.cookies:
            self.cookies[visitor] = self._prepare(visitor)
        return self.cookies[visitor]

    def _prepare(self, visitor: Visitor) -> Any:
        if visitor is Visitor.STRANGER:
            return None
        script = visitor not in SHOPPERS
        context = self._patient(java_script_enabled=script)
        person = Person(context.new_page(), self.shop, script)
        if visitor is Visitor.SHOPPER:
            fill_cart(person)
        elif visitor is Visitor.BUYER:
            self.links = {"paid": order_paid(person), "unpaid": order_unpaid(person)}
        else:
            person.signs_in(visitor.value)
        state = context.storage_state()
        context.close()
        return state


SHOPPERS = (Visitor.SHOPPER, Visitor.BUYER)


def fill_cart(shopper: Person) -> None:
    for path in ("/tea/green/sencha/", "/teaware/pots/kyusu/"):
        shopper.opens(path)
        shopper.page.get_by_role("button", name="Add to cart").click()


def order_paid(shopper: Person) -> str:
    """The path of an order that has just been paid."""
    buy(shopper, "/tea/black/assam/", email="paid@example.com")
    return shopper.page.url.removeprefix(shopper.shop.url)


def order_unpaid(shopper: Person) -> str:
    """The path of an order whose payment page was left again."""
    fill_in(shopper, "/tea/black/assam/", email="unpaid@example.com")
    shopper.page.get_by_role("link", name=re.compile("Back|Cancel")).first.click()
    return shopper.page.url.removeprefix(shopper.shop.url)


@pytest.fixture(scope="session")
def windows(browser: Browser, served_shop: Shop) -> Windows:
    """Opens the pages of `pages.py`."""
    return Windows(browser, served_shop)
