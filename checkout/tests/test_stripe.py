"""Stripe keeps the contract of every gateway; what is Stripe's own stands below."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from checkout import gateways
from checkout.gateways import deadline, stripe_calls, stripe_money_back
from checkout.gateways.protocol import GatewayUnavailable, Quarrel
from checkout.gateways.stripe_currencies import major_units
from checkout.tests.factories import make_attempt, make_order
from checkout.tests.gateway_contract import GatewayContract, an_hour_ago, open_page
from tests.fixtures.sandbox import SECRET, Sandbox, signature

pytestmark = pytest.mark.django_db


@dataclass
class StripeDriver:
    """Buyer, bank and dashboard at the sandbox."""

    sandbox: Sandbox
    name: str = "stripe"

    def pay(self, page: str) -> None:
        self.sandbox.pay(page)

    def decline(self, page: str) -> None:
        self.sandbox.pay(page, card="4000000000000002")

    def pay_later(self, page: str) -> None:
        self.sandbox.pay(page, method="bank_debit")

    def money_fails(self, page: str) -> None:
        self.sandbox.control(f"async/{page}", outcome="failed")

    def refund(self, payment: str, amount_minor: int) -> None:
        self.sandbox.control(f"refund/{payment}", amount=amount_minor)

    def dispute(self, payment: str) -> str:
        return str(self.sandbox.control(f"dispute/{payment}")["dispute"]["id"])

    def decide(self, dispute: str, *, won: bool) -> None:
        self.sandbox.control(f"dispute/{dispute}/close", outcome="won" if won else "lost")

    def lose_the_next_answer(self) -> None:
        # Twice: the library asks a second time by itself.
        self.sandbox.fail("*", kind="reset", when="after", times=2)

    def be_silent(self) -> None:
        self.sandbox.fail("*", kind="reset", when="before", times=100)

    def notification(self) -> tuple[bytes, dict[str, str]]:
        body = json.dumps(self.sandbox.events("checkout.session.completed")[-1]).encode()
        return body, {"Stripe-Signature": signature(body, SECRET, time.time())}


class TestStripe(GatewayContract):
    @pytest.fixture
    def driver(self, sandbox):
        return StripeDriver(sandbox)


@pytest.mark.parametrize(
    ("status", "withdrawn", "quarrel"),
    [
        ("warning_needs_response", 0, Quarrel.NEEDS_RESPONSE),
        ("warning_closed", 0, Quarrel.WON),
        ("prevented", -100, Quarrel.LOST),
        ("prevented", 0, Quarrel.WON),
        ("appeal_under_review", -100, Quarrel.UNDER_REVIEW),
    ],
)
def test_stripes_rarer_words_for_a_dispute(status, withdrawn, quarrel):
    dispute = SimpleNamespace(
        id="dp_1", payment_intent="pi_1", status=status, amount=100, currency="eur", created=1,
        reason="general", evidence_details=SimpleNamespace(due_by=None),
        balance_transactions=[SimpleNamespace(amount=withdrawn)],
    )  # fmt: skip

    told = stripe_money_back.dispute_status(dispute)

    assert (told.quarrel, told.funds_withdrawn) == (quarrel, withdrawn < 0)


def test_a_whole_coin_that_stripe_counts_in_hundredths_comes_back_whole():
    assert major_units(100_000, "ISK") == 1000


def test_a_long_list_is_read_to_its_end(sandbox, monkeypatch):
    monkeypatch.setattr(stripe_calls, "PAGE", 2)
    gateway, orders = gateways.get("stripe"), [make_order() for _ in range(5)]
    for order in orders:
        attempt = make_attempt(order, reference=None)
        sandbox.pay(open_page(gateway, attempt).reference)

    assert len(list(gateway.payments(an_hour_ago()))) == 5


def test_the_calls_for_one_page_share_one_deadline(sandbox):
    attempt = make_attempt(make_order(discount="2.00"), state="new", reference=None)
    sandbox.fail("coupons.create", kind="slow", when="before", seconds=1)
    sandbox.fail("checkout.sessions.create", kind="slow", when="before", seconds=1.5)

    # Enough for either of them, and not for both.
    with deadline.within(2.5), pytest.raises(GatewayUnavailable):
        open_page(gateways.get("stripe"), attempt)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("at_once", "then"),
    [(b"", b"H"), (HEAD, b"X-Slow: yes\r\n"), (HEAD + b"Content-Length: 9999\r\n\r\n", b" ")],
    ids=["not even a line", "headers without end", "a body without end"],
)
def test_an_answer_that_comes_drop_by_drop_keeps_nobody_longer(settings, at_once, then):
    with dripping(at_once, then) as (settings.STRIPE_API_BASE, dry), deadline.within(1.5):
        with pytest.raises(GatewayUnavailable):
            gateways.get("stripe").fetch(make_attempt(make_order()))

        assert not dry.is_set()


@contextmanager
def dripping(at_once: bytes, then: bytes) -> Iterator[tuple[str, Event]]:
    """A server that answers so much at once and then, for ten seconds, a drop every 0.1.

    The event is set after the last drop.
    """
    dry = Event()

    def drip() -> None:
        with suppress(OSError), server.accept()[0] as near:
            near.recv(65536)
            near.sendall(at_once)
            for drop, _ in zip(cycle([then]), range(100), strict=False):
                time.sleep(0.1)
                near.sendall(drop)
            dry.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        thread = Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", dry
    thread.join()
