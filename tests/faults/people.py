"""Somebody who buys over HTTP, and presses the button again when the shop does not answer."""

import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import requests

from tests.faults.shop import FragileShop
from tests.fixtures.waiting import wait_until

OURS = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = {
    "name": "Ada Lovelace",
    "street": "Lindenstraße 12",
    "postcode": "10969",
    "city": "Berlin",
    "country": "DE",
}
BROKEN = (requests.ConnectionError, requests.Timeout)
PATIENCE = 20  # seconds for an answer
REFUND = """
from decimal import Decimal
from django.utils import timezone
from checkout.models import Order
from checkout.money_back import refunding
order = Order.objects.filter(email="{}").latest("pk")
refunding.order_refund(
    order, amount=Decimal("{}"), reason="Broken", by=None, at=timezone.now(), key=order.number
)
"""


class Buyer:
    """One browser with an e-mail address of its own, which finds the order in the tables."""

    def __init__(self, shop: FragileShop) -> None:
        self.shop = shop
        self.email = f"ada-{uuid.uuid4().hex[:12]}@example.com"
        self.session = requests.Session()
        self.answers: list[int] = []

    def get(self, path: str, **options: Any) -> requests.Response:
        return self._insist(lambda: self.session.get(self._at(path), timeout=PATIENCE, **options))

    def post(self, path: str, data: dict[str, str], **options: Any) -> requests.Response:
        return self._insist(
            lambda: self.session.post(
                self._at(path), data, timeout=PATIENCE, allow_redirects=False, **options
            )
        )

    def add(self, sku: str) -> None:
        assert (
            self.post("/cart/add/", {"sku": sku, "quantity": "1"}, headers=OURS).status_code == 303
        )

    def form(self, page: str = "") -> dict[str, str]:
        """The checkout form as the page prints it, filled in; a new page unless this is one."""
        page = page or self.get("/checkout/").text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        method = re.search(r'name="shipping_method" value="(\d+)"', page)
        assert method, page
        return {
            **hidden,
            **ADDRESS,
            "email": self.email,
            "shipping_method": method[1],
            "terms": "on",
        }

    def send(self, form: dict[str, str]) -> requests.Response:
        return self.post("/checkout/", form)

    def order(self) -> str:
        """Put one more into the cart and order it. Returns the name of the payment page."""
        self.add("SENCHA-50")
        return self.place()

    def enter(self, code: str) -> None:
        """Put one more into the cart, and a coupon."""
        self.add("SENCHA-50")
        answer = self.post("/cart/coupon/", {**self._proof("/cart/"), "code": code})
        assert answer.status_code == 303, answer.text

    def give_up(self) -> None:
        """Cancel the latest order on its own page, again until it says so."""
        (token,) = self.one("SELECT token FROM checkout_order WHERE email = %s ORDER BY id DESC")
        for _ in range(5):
            self.post(f"/orders/{token}/cancel/", self._proof(f"/orders/{token}/"))
            if self.states[-1] == "cancelled":
                return
        raise AssertionError(self.told())

    def is_promised(self, amount: str) -> None:
        """Staff decide that so much of the latest order goes back."""
        self.shop.manage("shell", "--verbosity", "0", "-c", REFUND.format(self.email, amount))

    def place(self) -> str:
        """Order what is in the cart, again and again until a payment page opens."""
        form = self.form()
        answer = self.send(form)
        for _ in range(5):
            if answer.status_code == 303:
                return self.page
            assert answer.status_code in (200, 302), answer.text  # told to try again
            form = self.form(answer.text) if answer.status_code == 200 else form
            answer = self.send(form)
        raise AssertionError(answer.text)

    def come_back(self) -> None:
        """Return from the payment page as the provider sends the shopper back.

        Again after a moment if that died: for some seconds the shop does not ask a second time.
        """
        (key,) = self.one(
            "SELECT a.key FROM checkout_paymentattempt a JOIN checkout_order o"
            " ON o.id = a.order_id WHERE email = %s ORDER BY a.id DESC"
        )
        wait_until(lambda: self._is_taken_for_paid(f"/checkout/return/{key}/"), 20, "the payment")

    def _is_taken_for_paid(self, path: str) -> bool:
        assert self.get(path).ok
        return self.states[-1] == "paid"

    @property
    def page(self) -> str:
        """The provider's name of the page where the latest order is paid."""
        (reference,) = self.one(
            "SELECT reference FROM checkout_paymentattempt a JOIN checkout_order o"
            " ON o.id = a.order_id WHERE email = %s AND reference IS NOT NULL ORDER BY a.id DESC"
        )
        return str(reference)

    @property
    def states(self) -> list[str]:
        """Where this buyer's orders stand, oldest first."""
        rows = self.all("SELECT status FROM checkout_order WHERE email = %s ORDER BY id")
        return [status for (status,) in rows]

    def all(self, query: str) -> list[tuple[Any, ...]]:
        return self.shop.sql(query, self.email)

    def one(self, query: str) -> tuple[Any, ...]:
        rows = self.all(f"{query} LIMIT 1")
        assert rows, query
        return rows[0]

    @property
    def attempts(self) -> list[str]:
        """Where the payments of this buyer stand, oldest first."""
        rows = self.all(
            "SELECT state FROM checkout_paymentattempt a JOIN checkout_order o"
            " ON o.id = a.order_id WHERE email = %s ORDER BY a.id"
        )
        return [state for (state,) in rows]

    def wait_for(self, ends: Sequence[str], seconds: float) -> None:
        """Until the orders stand so, every invoice is printed and every mail is sent."""
        waits = {"paid": {"order_received", "payment_received"}, "expired": {"order_expired"}}
        wanted = set().union(*(waits.get(state, ()) for state in ends))

        under_way = "SELECT 1 FROM checkout_refund r JOIN checkout_order o ON o.id = r.order_id"
        under_way += " WHERE email = %s AND state IN ('owed', 'pending')"
        unprinted = "SELECT 1 FROM invoices_invoice WHERE recipient = %s AND printed_at IS NULL"

        def has_everything() -> bool:
            self.shop.tend()
            mails = self.all("SELECT kind, state FROM mailing_message WHERE recipient = %s")
            return (
                self.states == list(ends)
                and wanted <= {kind for kind, _ in mails}
                and {state for _, state in mails} == {"sent"}
                and not self.all(under_way)
                and not self.all(unprinted)
            )

        try:
            wait_until(has_everything, seconds)
        except AssertionError:
            raise AssertionError(f"not {ends} within {seconds} s:\n{self.told()}") from None

    def wait_for_everything(self, seconds: float) -> None:
        """Until one order is paid, invoiced and told."""
        self.wait_for(["paid"], seconds)

    def pay_again(self) -> str:
        """Press "Pay now" on the order's own page until it leads on. Returns the payment page."""
        (token,) = self.one("SELECT token FROM checkout_order WHERE email = %s ORDER BY id DESC")
        for _ in range(5):
            proof = self._proof(f"/orders/{token}/")
            if self.post(f"/orders/{token}/pay/", proof).status_code == 303:
                return self.page
        raise AssertionError(self.told())

    def pages_per_attempt(self) -> set[int]:
        """How many pages the provider made for each of this buyer's attempts, heard of or not."""
        made = self.shop.provider_knows(
            "SELECT json_extract(data, '$.metadata.attempt'), count(*) FROM sandbox_document"
            " WHERE kind = 'checkout.session' AND json_extract(data, '$.customer_email') = ?"
            " GROUP BY 1",
            self.email,
        )
        return {count for _, count in made}

    def told(self) -> str:
        """What the tables know of this buyer."""
        queries = (
            "SELECT o.number, status, hold, state, unanswered, last_error FROM checkout_order o"
            " LEFT JOIN checkout_paymentattempt a ON a.order_id = o.id WHERE email = %s",
            "SELECT number, printed_at, attempts, leased_until, due_at, last_error"
            " FROM invoices_invoice WHERE recipient = %s",
            "SELECT kind, state, attempts, leased_until, due_at, last_error FROM mailing_message"
            " WHERE recipient = %s",
            "SELECT e.kind, e.state, e.attempts, e.due_at, e.last_error FROM checkout_providerevent"
            " e JOIN checkout_paymentattempt a ON a.reference = e.reference JOIN checkout_order o"
            " ON o.id = a.order_id WHERE email = %s",
        )
        return "\n".join(str(row) for query in queries for row in self.all(query))

    def _proof(self, path: str) -> dict[str, str]:
        """What the forms of a page carry to show that they are the shop's."""
        page = self.get(path).text
        proofs = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert proofs, page
        return {"csrfmiddlewaretoken": proofs[0]}

    def _insist(self, ask: Callable[[], requests.Response]) -> requests.Response:
        """The answer; asked again by somebody whose page did not load."""

        troubles: list[Exception] = []

        def answered() -> list[requests.Response] | None:
            try:
                return [ask()]  # in a list: an answer that is an error counts as false
            except BROKEN as trouble:
                troubles.append(trouble)
                self.shop.tend()
                return None

        try:
            (answer,) = wait_until(answered, 60)
        except AssertionError:
            raise AssertionError(f"no answer: {troubles}") from None
        self.answers.append(answer.status_code)
        return answer

    def _at(self, path: str) -> str:
        return self.shop.url + path
