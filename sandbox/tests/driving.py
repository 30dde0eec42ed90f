"""Start the sandbox as a process and speak to it; nothing of it is imported here."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import stripe

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk_test_sandbox"
SECRET = "whsec_test"


@dataclass
class Sandbox:
    """A running sandbox."""

    url: str

    def client(self, retries: int = 0) -> stripe.StripeClient:
        """The official library, pointed here."""
        stripe.enable_telemetry = False
        return stripe.StripeClient(
            KEY,
            base_addresses={"api": self.url},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=(3.05, 30)),
        )

    def post(self, path: str, **values: Any) -> Any:
        """A control call that must succeed."""
        answer = requests.post(f"{self.url}/_control/{path}", data=values, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def get(self, path: str) -> Any:
        """A control question."""
        answer = requests.get(f"{self.url}/_control/{path}", timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def raw(self, method: str, path: str, body: str = "", **headers: str) -> requests.Response:
        """A call to the API without the library, which would not send nonsense."""
        known = {"Authorization": f"Bearer {KEY}", "Stripe-Version": "2026-10-28.endive"}
        headers = known | {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return requests.request(
            method, self.url + path, data=body or None, headers=headers, timeout=30
        )

    def event_types(self) -> list[str]:
        """What has happened, oldest first."""
        return [event["type"] for event in self.get("events")["events"]]


@contextmanager
def running(database: Path, *flags: str) -> Iterator[Sandbox]:
    """A sandbox process on a free port, ended afterwards."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--database", str(database)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [*command, *flags], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("sandbox: listening on http://"), line
        yield Sandbox(line.split()[-1])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def eventually(question: Callable[[], Any], seconds: float = 10) -> Any:
    """The first true answer; fails when there is none in time."""
    tick = threading.Event()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        tick.wait(0.05)
    raise AssertionError(f"did not happen within {seconds} s")


@dataclass
class Received:
    """One webhook as it came in."""

    body: bytes
    signature: str

    @property
    def event(self) -> dict[str, Any]:
        """The event, not verified."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


@dataclass
class Shop:
    """A small web server in the place of the shop; answers `statuses` in turn, then 200."""

    statuses: list[int] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    url: str = ""

    def types(self) -> list[str]:
        """The event types in the order of arrival."""
        return [one.event["type"] for one in self.received]


@contextmanager
def listening() -> Iterator[Shop]:
    """A shop that takes webhooks."""
    shop = Shop()
    lock = threading.Lock()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                shop.received.append(Received(body, self.headers["Stripe-Signature"]))
                status = shop.statuses.pop(0) if shop.statuses else 200
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 64  # many deliveries at once are part of the tests

    server = Server(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shop.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()


def order(**more: Any) -> Any:
    """Parameters of a session as the shop would send them: 2 × 19.99 and 4.90 shipping."""
    line = {
        "quantity": 2,
        "price_data": {
            "currency": "eur",
            "unit_amount": 1999,
            "product_data": {"name": "Assam tea"},
        },
    }
    shipping = {
        "shipping_rate_data": {
            "type": "fixed_amount",
            "display_name": "Post",
            "fixed_amount": {"amount": 490, "currency": "eur"},
        }
    }
    return {
        "mode": "payment",
        "success_url": "http://shop.test/thanks?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/cart",
        "client_reference_id": "7K3Q-9XMF",
        "line_items": [line],
        "shipping_options": [shipping],
        "metadata": {"order": "7K3Q-9XMF"},
        "payment_intent_data": {"metadata": {"order": "7K3Q-9XMF"}},
    } | more
