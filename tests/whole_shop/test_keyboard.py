"""The sale by keyboard alone: whoever cannot hold a mouse can buy (WCAG 2.1.1, 2.4.7)."""

import re

from playwright.sync_api import Page, expect

from tests.fixtures.whole_shop import Shop

from .people import Person

MOST_STEPS = 120  # a page with more between its start and its button is a maze
# The name a form control is known by, and whether the browser shows where one is.
FOCUSED = """() => {
    const element = document.activeElement;
    if (element === document.body) return {name: "", field: "", isMarked: false};
    const ring = getComputedStyle(element);
    const name = element.labels?.[0]?.innerText || element.getAttribute("aria-label")
        || element.innerText || element.value || "";
    return {
        name: name.replace(/\\s+/g, " ").trim(),
        field: element.name || "",
        isMarked: ring.outlineStyle !== "none" || ring.boxShadow !== "none",
    };
}"""


def test_the_sale_needs_no_mouse(shop_processes: Shop, person) -> None:
    shopper: Person = person()
    page = shopper.page
    shopper.opens("/tea/oolong-white/oolong/")

    go_to(page, "Add to cart")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="To the cart")).to_be_visible()
    go_to(page, "To the cart")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{shop_processes.url}/cart/")
    go_to(page, "checkout")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{shop_processes.url}/checkout/")
    for field, text in {
        "email": "keys@example.com",
        "name": "Ada Lovelace",
        "street": "Lindenstraße 12",
        "postcode": "10969",
        "city": "Berlin",
    }.items():
        go_to(page, field=field)
        page.keyboard.type(text)
    go_to(page, field="terms")
    page.keyboard.press("Space")
    go_to(page, "Order and pay")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Card number")).to_be_visible()
    go_to(page, "Card number")
    page.keyboard.type("4242424242424242")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"^{shop_processes.url}/orders/"))
    expect(page.get_by_text("Thank you")).to_be_visible()


def go_to(page: Page, name: str = "", *, field: str = "") -> None:
    """Press Tab until the control of this name has the focus, and see that it shows."""
    passed = []
    page.wait_for_load_state()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        passed.append(focused["name"])
        if focused["field"] == field if field else name.lower() in focused["name"].lower():
            assert focused["isMarked"], f"nothing shows that {focused['name']} has the focus"
            return
    raise AssertionError(f"{name or field} cannot be reached by Tab, only {passed}")
