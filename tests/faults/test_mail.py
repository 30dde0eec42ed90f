"""The mail server in every mood: each mail arrives once, or staff are told."""

import pytest

from tests.faults.people import Buyer
from tests.faults.soundness import mails_of
from tests.fixtures.waiting import wait_until

ROW = pytest.mark.row("SMTP refuses, delays, rejects, drops after DATA")
PAUSE = 20  # seconds before the second try


def troubled(buyer: Buyer) -> bool:
    """Both mails are written, and each was tried in vain."""
    rows = buyer.all(
        "SELECT kind FROM mailing_message WHERE recipient = %s AND attempts = 1"
        " AND last_error <> ''"
    )
    return len(rows) == 2


@ROW
@pytest.mark.parametrize("fault", ["refuse", "swallow"])
def test_a_server_that_is_away_is_tried_again(shop, fault):
    getattr(shop.lines["mail"], fault)()
    buyer = Buyer(shop)

    shop.sandbox.pay(buyer.order())
    wait_until(lambda: troubled(buyer), 60, "two tries in vain")
    shop.lines["mail"].heal()
    shop.later(PAUSE)

    buyer.wait_for_everything(20)


@ROW
def test_a_slow_server_is_waited_for(shop):
    shop.lines["mail"].delay(0.2)
    buyer = Buyer(shop)

    shop.sandbox.pay(buyer.order())

    buyer.wait_for_everything(40)


@ROW
def test_a_server_that_is_busy_is_tried_again(shop):
    shop.mails.reply = "451 4.7.1 Please come back later"
    buyer = Buyer(shop)

    shop.sandbox.pay(buyer.order())
    wait_until(lambda: troubled(buyer), 30, "two tries in vain")
    shop.mails.reply = ""
    shop.later(PAUSE)

    buyer.wait_for_everything(20)


@ROW
def test_a_refusal_for_good_is_shown_to_staff_and_keeps_nothing_else(shop):
    shop.mails.reply = "550 5.1.1 No such user here"
    buyer = Buyer(shop)

    shop.sandbox.pay(buyer.order())
    wait_until(lambda: troubled(buyer), 30, "two tries in vain")

    states = buyer.all("SELECT state FROM mailing_message WHERE recipient = %s")
    assert (buyer.states, states) == (["paid"], [("failed",), ("failed",)])


@ROW
def test_a_connection_lost_after_the_content_costs_one_more_copy_of_the_same_mail(shop):
    shop.mails.drops = 1
    buyer = Buyer(shop)

    page = buyer.order()
    noticed = "SELECT id FROM mailing_message WHERE recipient = %s AND last_error <> ''"
    ((doubled,),) = wait_until(lambda: buyer.all(noticed), 20, "the drop")
    shop.excused[doubled] += 1
    shop.later(PAUSE)
    shop.sandbox.pay(page)

    buyer.wait_for_everything(20)
    keys = buyer.all("SELECT id, kind FROM mailing_message WHERE recipient = %s")
    copies = {kind: mails_of(shop)[pk] for pk, kind in keys}
    assert copies == {"order_received": 2, "payment_received": 1}
    to_buyer = [mail for mail in shop.mails.messages if mail["To"] == buyer.email]
    assert len({mail["Message-ID"] for mail in to_buyer}) == 2


@pytest.mark.row("a task that always dies")
def test_a_mail_that_kills_every_worker_is_shown_and_the_queue_behind_it_moves(shop):
    poisoned, other = Buyer(shop), Buyer(shop)
    shop.crashes.poison(poisoned.email)

    poisoned.order()
    shop.sandbox.pay(other.order())
    other.wait_for_everything(40)
    given_up = "SELECT state FROM mailing_message WHERE recipient = %s AND state = 'failed'"

    def is_given_up() -> bool:
        shop.later(1)  # leases run out twenty times as quickly
        return bool(poisoned.all(given_up))

    wait_until(is_given_up, 90, "the end")
    assert poisoned.all("SELECT attempts FROM mailing_message WHERE recipient = %s") == [(8,)]
