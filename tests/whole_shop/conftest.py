from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage

from tests.fixtures.browser import PATIENCE
from tests.fixtures.whole_shop import Shop

from .people import Person


@pytest.fixture
def person(browser: Browser, shop_processes: Shop) -> Iterator[Callable[..., Person]]:
    """`person()` opens a new window; `person(script=False)` one without JavaScript.

    Whatever they do, no page asks for what its Content-Security-Policy forbids.
    """
    windows = []
    violations: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            violations.append(message.text)

    def enter(*, script: bool = True) -> Person:
        window = browser.new_context(
            viewport={"width": 1280, "height": 900}, java_script_enabled=script
        )
        windows.append(window)
        window.on("console", listen)
        page = window.new_page()
        page.set_default_timeout(PATIENCE)
        return Person(page, shop_processes, script)

    yield enter
    for window in windows:
        window.close()
    assert not violations
