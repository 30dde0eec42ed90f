"""What a page weighs on the wire."""

from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import PHONE, Windows
from .figures import figures
from .pages import WAY, Visit

KB = 1024
# Compressed, as sent. The limits are the team's own: what a mid-range phone loads in a second.
BUDGETS = {
    "markup, styles and script": (("document", "stylesheet", "script"), 60 * KB),
    "script": (("script",), 20 * KB),
    "fonts": (("font",), 60 * KB),
}


@pytest.mark.parametrize("visit", WAY, ids=str)
def test_a_page_keeps_its_budget(windows: Windows, visit: Visit) -> None:
    page = windows.open(visit, viewport=PHONE)
    sizes = received(page, windows.url(visit))
    page.context.close()

    assert sizes["stylesheet"] > 0, "the page came without its styles"
    for name, (kinds, most) in BUDGETS.items():
        weight = sum(sizes.get(kind, 0) for kind in kinds)
        figures.note(visit.name, name, f"{weight / KB:.1f} KB")
        assert weight <= most, f"{name}: {weight / KB:.1f} KB"


def received(page: Page, url: str) -> dict[str, int]:
    """Bytes of bodies on the wire, by kind of resource."""
    sizes: dict[str, int] = {}
    done: list[Any] = []
    page.on("requestfinished", lambda request: done.append(request))  # no method of a list fits
    page.goto(url)
    page.wait_for_load_state("networkidle")
    for request in done:
        kind = request.resource_type
        sizes[kind] = sizes.get(kind, 0) + request.sizes()["responseBodySize"]
    return sizes
