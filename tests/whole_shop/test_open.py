"""The shop as it runs: every process, nothing replaced."""

from playwright.sync_api import Page, expect

from tests.fixtures.whole_shop import Shop


def test_a_stranger_finds_the_shop_open(shop_processes: Shop, page: Page) -> None:
    page.goto(shop_processes.url)

    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_desk_asks_who_is_there(shop_processes: Shop, page: Page) -> None:
    page.goto(f"{shop_processes.url}/admin/")

    expect(page.locator("input[type=password]")).to_be_visible()
