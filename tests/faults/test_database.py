"""The database goes away and comes back, or takes its answer with it."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import requests

from tests.faults.people import Buyer
from tests.fixtures.waiting import wait_until

VISITORS = 4


@pytest.mark.row("PostgreSQL restarted under load")
def test_only_requests_in_flight_fail(shop):
    closing = Event()

    def look_around(_: int) -> list[int]:
        answers = []
        with requests.Session() as browser:
            while not closing.is_set():
                answers.append(browser.get(f"{shop.url}/tea/green/sencha/").status_code)
        return answers

    with ThreadPoolExecutor(VISITORS) as pool:
        visits = pool.map(look_around, range(VISITORS))
        try:
            for _ in range(3):
                buyer = Buyer(shop)
                page = buyer.order()
                shop.lines["database"].cut()
                shop.sandbox.pay(page)
                time.sleep(0.5)  # for whoever was interrupted, and holds a lease
                shop.take_over()
                buyer.wait_for_everything(30)
        finally:
            closing.set()
        answers = [answer for visitor in visits for answer in visitor]

    assert set(answers) <= {200, 500}
    assert answers.count(500) <= 3 * VISITORS
    assert answers.count(200) > 10 * VISITORS


@pytest.mark.row("PostgreSQL restarted under load")
def test_who_asks_afterwards_notices_nothing(shop):
    def look(_: int) -> int:  # at a page that is made each time
        return requests.get(f"{shop.url}/search/?q=sencha").status_code

    with ThreadPoolExecutor(2 * VISITORS) as pool:
        list(pool.map(look, range(2 * VISITORS)))  # every thread of the web has a connection
        shop.lines["database"].cut()
        answers = set(pool.map(look, range(2 * VISITORS)))

    assert answers == {200}


# Values are not in the words: they travel beside the statement.
LOST = {
    "the order is placed": ("web", b'INSERT INTO "checkout_order"', b"COMMIT"),
    "the attempt is begun": ("web", b'INSERT INTO "checkout_paymentattempt"', b"COMMIT"),
    "the page is noted": ("web", b"UPDATE checkout_paymentattempt SET reference"),
    "the webhook is written down": ("web", b'INSERT INTO "checkout_providerevent"', b"COMMIT"),
    "the event is claimed": ("worker", b'UPDATE "checkout_providerevent" SET "due_at"'),
    "the payment is booked": ("worker", b'INSERT INTO "invoices_invoice"', b"COMMIT"),
    "the invoice is claimed": ("worker", b'UPDATE "invoices_invoice" SET "leased_until"'),
    "the invoice is handed over": ("worker", b'UPDATE "invoices_invoice" SET "file"', b"COMMIT"),
    "the mail is claimed": ("worker", b'UPDATE "mailing_message" SET "leased_until"'),
    "the mail is noted as sent": (
        "worker",
        b'UPDATE "mailing_message" SET "state" = $1, "sent_at"',
    ),
}
UNREAD = "SELECT 1 FROM checkout_providerevent WHERE state = 'received'"


@pytest.mark.row("reply to COMMIT lost at checkout, webhook, invoice, mail")
@pytest.mark.parametrize("moment", LOST)
def test_what_was_committed_unheard_is_done_once(shop, moment):
    process, *words = LOST[moment]
    loss = shop.lines["database"].of(process).lose_answer(*words)
    buyer = Buyer(shop)

    page = buyer.order()
    shop.sandbox.pay(page)
    wait_until(loss.struck.is_set, 20, "the loss")
    shop.take_over()

    buyer.wait_for_everything(20)
    shop.later(60)  # for an event that is to be read once more
    wait_until(lambda: not shop.sql(UNREAD), 20, "the end of every event")
    assert buyer.pages_per_attempt() == {1}
