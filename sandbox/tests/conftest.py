"""One sandbox process per test run, emptied for every test, its traffic checked afterwards."""

from collections.abc import Iterator

import pytest
import stripe

from sandbox.tests import shapes
from sandbox.tests.driving import SECRET, Sandbox, Shop, listening, running


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The process."""
    with running(tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite3") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: Sandbox) -> Iterator[Sandbox]:
    """An empty sandbox. Whatever a test says to it, and hears, must be Stripe's language."""
    process.post("reset")
    yield process
    _check_traffic(process)


def _check_traffic(sandbox: Sandbox) -> None:
    try:
        checker = shapes.load()
    except pytest.skip.Exception:
        return  # test_shapes says so, once
    for exchange in sandbox.get("requests")["requests"]:
        found = shapes.problems(checker, exchange)
        assert not found, (exchange["method"], exchange["path"], found)
    for event in sandbox.get("events")["events"]:
        found = [one for one in checker.check_object("event", event) if one.kind != "hint"]
        assert not found, (event["type"], found)


@pytest.fixture
def client(sandbox: Sandbox) -> stripe.StripeClient:
    """The official library, without retries of its own."""
    return sandbox.client()


@pytest.fixture
def shop(sandbox: Sandbox) -> Iterator[Shop]:
    """A shop that the sandbox sends its events to."""
    with listening() as shop:
        sandbox.post("webhook", url=shop.url, secret=SECRET)
        yield shop
        sandbox.post("webhook", url="")
