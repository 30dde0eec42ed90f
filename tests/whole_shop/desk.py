"""The editors' desk, in the words of those who sit there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import APIResponse, FrameLocator, Locator, Route, expect

from tests.fixtures.browser import PATIENCE

from .people import Person


@dataclass
class Desk:
    """A signed-in person's window on the admin."""

    person: Person
    name: str = "editor"

    def __post_init__(self) -> None:
        self.page = self.person.page
        self.person.signs_in(self.name)

    # --- Finding one's way ---------------------------------------------------------------------

    def begins_a_product_page(self, *, below: int) -> None:
        self.person.opens(f"/admin/pages/add/products/productpage/{below}/")

    def opens(self, page_id: int) -> None:
        self.person.opens(f"/admin/pages/{page_id}/edit/")

    def opens_prices_and_stock(self, product: str) -> None:
        """By way of the list of products."""
        self.person.opens(f"/admin/products/?q={product}")
        row = self.page.get_by_role("row", name=product)
        row.get_by_role("link", name="€").click()
        expect(self.page.get_by_role("heading", name="Price and stock")).to_be_visible()

    # --- Writing -------------------------------------------------------------------------------

    def writes(self, *, title: str, summary: str = "") -> None:
        self.page.get_by_placeholder("Page title").fill(title)
        if summary:
            self.page.get_by_role("textbox", name="Summary").fill(summary)

    @contextmanager
    def has_not_heard_that_the_draft_is_saved(self, title: str) -> Iterator[None]:
        """The first draft of a new page reaches the shop; its answer comes when the block ends."""
        held: list[tuple[Route, APIResponse]] = []
        drafts = "**/admin/pages/add/**"

        def hold(route: Route) -> None:
            held.append((route, route.fetch(timeout=PATIENCE)))

        self._opens_again_until_edits_are_watched()
        self.page.route(drafts, hold, times=1)
        with self.page.expect_request(drafts):
            self.writes(title=title)
            self.page.keyboard.press("Tab")  # the slug follows when the title is left
        yield
        for _ in range(PATIENCE // 50):
            if held:
                break
            self.page.wait_for_timeout(50)  # the shop is still at it
        [(route, answer)] = held
        assert answer.json()["success"]
        route.fulfill(response=answer)

    def _opens_again_until_edits_are_watched(self) -> None:
        """What is typed in a form's first two seconds starts no draft."""
        self.page.add_init_script(
            "addEventListener('w-unsaved:watch-edits', () => document.body.id = 'watched')"
        )
        self.page.reload()
        self.page.locator("#watched").wait_for()

    def makes_the_product(self, name: str, *variants: dict[str, str]) -> None:
        """In the chooser's dialog, without leaving the page."""
        self.page.get_by_role("button", name="Choose or create a product").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("tab", name="New product").click()
        dialog.locator("[name=name]").fill(name)
        for number, variant in enumerate(variants):
            for field, value in variant.items():
                dialog.locator(f"[name=variants-{number}-{field}]").fill(value)
        dialog.get_by_role("button", name="Create").click()
        expect(self.page.get_by_role("dialog")).to_be_hidden()

    def changes_the_price(self, variant: str, *, to: str, because: str) -> None:
        form = self._folded(variant, "Change or plan the price in EUR")
        form.get_by_label("New price").fill(to)
        form.get_by_label("Reason").fill(because)
        form.get_by_role("button", name="Change the price").click()
        expect(self.page.get_by_text("Saved:")).to_be_visible()

    def receives(self, variant: str, *, pieces: int) -> None:
        form = self._folded(variant, "Book a stock movement")
        form.locator("[name$=change]").fill(str(pieces))
        form.get_by_role("button", name="Book the movement").click()
        expect(self.page.get_by_text("Saved:")).to_be_visible()

    def _folded(self, variant: str, title: str) -> Locator:
        """A form of the screen of prices and stock, opened."""
        section = self.variant(variant)
        section.get_by_text(title, exact=True).click()
        return section.locator("details[open]")

    # --- Looking -------------------------------------------------------------------------------

    def looks_at_the_preview(self, mode: str = "") -> FrameLocator:
        """The side panel's preview, in one of its modes."""
        panel = self.page.locator("[data-side-panel=preview]")
        if not panel.is_visible():
            self.page.get_by_role("button", name="Toggle preview").click()
        if mode:
            panel.get_by_label("Preview mode").select_option(label=mode)
        return panel.frame_locator("iframe[title=Preview]").last

    def reads_the_checks(self) -> Locator:
        self.page.get_by_role("button", name="Toggle checks").click()
        return self.page.locator("[data-side-panel=checks]")

    def loses_the_next_check(self) -> None:
        """As when the preview is replaced by a newer one while it is looked at."""
        self.page.evaluate(
            """() => {
                const run = axe.run;
                axe.run = async () => {
                    axe.run = run;
                    throw new Error("Axe in frame timed out: #w-preview-iframe");
                };
            }"""
        )

    def variant(self, name: str) -> Locator:
        """What the screen of prices and stock says of one variant."""
        return self.page.get_by_role("region", name=name)

    def available(self, variant: str) -> Locator:
        return self.variant(variant).locator("dt", has_text="Available").locator("+ dd")

    def goes_back_to_the_version_called(self, title: str) -> None:
        """Through the page's history, from the version before to older ones."""
        self.page.get_by_role("button", name="Toggle status").click()
        self.page.get_by_role("link", name="View history").click()
        expect(self.page).to_have_url(re.compile("/history/"))
        self.page.wait_for_load_state()
        menus = self.page.get_by_role("main").get_by_role("button", name="Actions")
        expect(menus.first).to_be_visible()
        for number in range(1, menus.count()):
            menus.nth(number).click()
            self.page.get_by_role("link", name="Review this version").click()
            expect(self.page.get_by_text("You are viewing a previous version")).to_be_visible()
            if self.page.get_by_placeholder("Page title").input_value() == title:
                return
            self.page.go_back()
        raise AssertionError(f"No version is called {title}")

    # --- Deciding ------------------------------------------------------------------------------

    def publishes(self, button: str = "Publish") -> None:
        self.chooses(button)
        expect(self.page.get_by_role("link", name="View live")).to_be_visible()

    def schedules(self, moment: str) -> None:
        """Publish, but later."""
        self.page.get_by_role("button", name="Toggle status").click()
        self.page.get_by_role("button", name="Set schedule").click()
        dialog = self.page.get_by_role("dialog")
        dialog.locator("[name=go_live_at]").fill(moment)
        # By keyboard: the calendar that belongs to the field may open over the button.
        dialog.get_by_role("button", name="Save schedule").press("Enter")
        expect(dialog).to_be_hidden()
        self.chooses("Schedule to publish")
        expect(self.page.get_by_text("scheduled for publishing")).to_be_visible()

    def submits(self) -> None:
        self.chooses("Submit to Product approval")
        expect(self.page.get_by_text("submitted for moderation")).to_be_visible()

    def approves(self) -> None:
        self.chooses("Approve and Publish")
        expect(self.page.get_by_text("has been updated")).to_be_visible()

    def chooses(self, action: str) -> None:
        """One of the actions at the foot of the page form."""
        self.page.wait_for_load_state()
        button = self.page.get_by_role("button", name=action, exact=True)
        if not button.is_visible():
            self.page.get_by_role("button", name="More actions").click()
        button.click()
