"""Every page, on a small phone by day and on a desk by night, as browser and axe see it."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import DESK, Windows
from .pages import ADMIN, HOME, SHOP, Visit

# WCAG 2.2 AA, which the European Accessibility Act asks of shops (EN 301 549), and good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST = {"width": 320, "height": 640}  # WCAG 1.4.10: no scrolling sideways
WINDOWS = {
    "phone by day": {"viewport": SMALLEST, "color_scheme": "light"},
    "desk by night": {"viewport": DESK, "color_scheme": "dark"},
}
in_every_window = pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)


@in_every_window
@pytest.mark.parametrize("visit", SHOP, ids=str)
def test_a_page_of_the_shop_is_without_fault(
    windows: Windows, visit: Visit, window: dict[str, Any]
) -> None:
    assert faults(windows, visit, window, barriers, overflow) == []


@in_every_window
@pytest.mark.parametrize("visit", ADMIN, ids=str)
def test_a_screen_of_the_desk_is_without_fault(
    windows: Windows, visit: Visit, window: dict[str, Any]
) -> None:
    assert faults(windows, visit, window, barriers_within_our_screen, overflow, spilling) == []


def test_what_is_wrong_with_a_page_is_noticed(windows: Windows) -> None:
    page = windows.open(HOME)
    wide = "<div style='width: 3000px'>wide</div>"
    html = f"<html lang=en><title>x</title><main><h1>x</h1><img src='#'>{wide}</main></html>"
    page.set_content(html)

    found = [*barriers(page), *overflow(page)]
    page.context.close()

    assert [line.split(":")[0] for line in found] == ["image-alt", "too wide"]


def faults(
    windows: Windows, visit: Visit, window: dict[str, Any], *checks: Callable[[Page], list[str]]
) -> list[str]:
    """What the checks find, and errors, refusals of the content policy and foreign requests."""
    page = windows.open(visit, reduced_motion="reduce", **window)  # fades would be half way
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(windows.url(visit))
    # Not instead of the load: the network is idle too while a slow browser works on the scripts.
    page.wait_for_load_state("networkidle")
    assert answer
    assert answer.status == visit.status
    if visit.status != 200:
        said = [line for line in said if "Failed to load resource" not in line]
    foreign = [url for url in asked if not is_ours(url, windows.shop.url)]
    found = [line for check in checks for line in check(page)]
    page.context.close()
    return [*said, *foreign, *found]


def is_ours(url: str, shop: str) -> bool:
    return url.startswith((shop + "/", "data:", "blob:"))


def barriers(page: Page, within: dict[str, Any] | None = None) -> list[str]:
    """What axe finds, a line each."""
    options = {"runOnly": {"type": "tag", "values": RULES}}
    results = Axe().run(page, context=within, options=options)
    return [
        f"{violation['id']}: {violation['help']} | {node['html']} | {node['failureSummary']}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def barriers_within_our_screen(page: Page) -> list[str]:
    """Not in what surrounds it, which is Wagtail's: sidebar, header, and the map of a long form."""
    return barriers(page, within={"include": [["main"]], "exclude": [[".w-minimap"]]})


def overflow(page: Page) -> list[str]:
    """Does the page scroll sideways?"""
    root = "document.documentElement"
    pixels = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
    return [f"too wide: by {pixels} pixels"] if pixels > 0 else []


def spilling(page: Page) -> list[str]:
    """Fields and buttons over the edge of their card: the admin cuts them off, nothing scrolls."""
    edges = """cards => cards.flatMap(card => [...card.querySelectorAll("input, select, button")]
        .filter(one => one.getBoundingClientRect().right > card.getBoundingClientRect().right)
        .map(one => "over the edge: " + one.outerHTML.slice(0, 120)))"""
    lines: list[str] = page.locator(".desk-card").evaluate_all(edges)
    return lines
