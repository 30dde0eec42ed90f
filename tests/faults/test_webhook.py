"""What the provider tells us comes often, never, too early, in any order, or looks too old."""

import pytest

from tests.faults.people import Buyer
from tests.fixtures.waiting import wait_until

ROW = pytest.mark.row("webhook 20 times at once, never, before our commit, out of order")
FIRST_LOOK = 300  # seconds until the shop asks by itself


@ROW
def test_twenty_at_once_have_one_effect(shop):
    shop.sandbox.control("mode", mode="drop")
    buyer = Buyer(shop)
    shop.sandbox.pay(buyer.order())
    event = shop.sandbox.events("checkout.session.completed")[-1]

    told = shop.sandbox.control(f"deliver/{event['id']}", times=20, parallel=1)

    assert told["statuses"] == [200] * 20
    buyer.wait_for_everything(20)
    stored = "SELECT count(*) FROM checkout_providerevent WHERE event_id = '{}' OR reference = '{}'"
    assert shop.sql(stored.format(event["id"], buyer.page)) == [(1,)]


@ROW
def test_a_webhook_that_never_comes_is_made_up_for(shop):
    shop.sandbox.control("mode", mode="drop")
    buyer = Buyer(shop)

    shop.sandbox.pay(buyer.order())
    shop.later(FIRST_LOOK)

    buyer.wait_for_everything(20)


@ROW
def test_a_webhook_may_come_before_we_know_the_page_it_speaks_of(shop):
    for _ in range(2):
        shop.sandbox.fail("checkout.sessions.create", kind="timeout", when="after")
    buyer = Buyer(shop)
    buyer.add("SENCHA-50")

    buyer.send(buyer.form())
    assert buyer.all(
        "SELECT 1 FROM checkout_order o JOIN checkout_paymentattempt a ON a.order_id = o.id"
        " WHERE email = %s AND reference IS NULL"
    )
    shop.sandbox.pay(shop.latest_page())

    buyer.wait_for_everything(20)


@ROW
def test_webhooks_may_come_in_the_wrong_order(shop):
    """The money has come before we hear that it is under way."""
    shop.sandbox.control("mode", mode="reorder")
    buyer = Buyer(shop)

    page = buyer.order()
    shop.sandbox.pay(page, method="bank_debit")
    shop.sandbox.control(f"async/{page}", outcome="succeeded")

    buyer.wait_for_everything(20)


@pytest.mark.row("payment after the reservation expired")
def test_money_that_comes_too_late_is_kept_and_shown(shop):
    buyer = Buyer(shop)
    page = buyer.order()
    expire_behind_the_providers_back(buyer)

    shop.sandbox.pay(page)

    wait_until(lambda: buyer.attempts == ["paid"], 20, "the payment")
    (hold,) = buyer.one("SELECT hold FROM checkout_order WHERE email = %s")
    assert (buyer.states, hold) == (["expired"], "needs_review")


def expire_behind_the_providers_back(buyer: Buyer) -> None:
    """The order has ended and its goods are back, though its page can still be paid."""
    buyer.all(
        "INSERT INTO products_stockmovement (item_id, reason, on_hand_change, reserved_change,"
        " reference, note, moved_at) SELECT variant_id, 'released', 0, -quantity, o.number, '',"
        " now() FROM checkout_order o JOIN checkout_orderline l ON l.order_id = o.id"
        " WHERE email = %s"
    )
    buyer.all(
        "UPDATE products_stockitem s SET reserved = reserved - l.quantity FROM checkout_orderline l"
        " JOIN checkout_order o ON o.id = l.order_id"
        " WHERE l.variant_id = s.variant_id AND email = %s"
    )
    buyer.all(
        "UPDATE checkout_paymentattempt SET state = 'expired', check_at = NULL WHERE order_id IN"
        " (SELECT id FROM checkout_order WHERE email = %s)"
    )
    buyer.all("UPDATE checkout_order SET status = 'expired' WHERE email = %s")
    buyer.all(
        "INSERT INTO checkout_orderevent (order_id, kind, at, data)"
        " SELECT id, 'expired', now(), '{}' FROM checkout_order WHERE email = %s"
    )
    buyer.all(
        "INSERT INTO mailing_message (key, kind, recipient, language, context, attachments, state,"
        " created_at, due_at, attempts, last_error, subject, text, html)"
        " SELECT 'order:' || o.id || ':expired', 'order_expired', recipient, m.language, context,"
        " '[]', 'due', now(), now(), 0, '', '', '', '' FROM mailing_message m"
        " JOIN checkout_order o ON m.key = 'order:' || o.id || ':received' WHERE o.email = %s"
    )


@pytest.mark.row("clock ahead > 5 minutes (genuine signatures refused)")
def test_a_wrong_clock_delays_and_loses_nothing(shop):
    with shop.changed("web", CLOCK_AHEAD="400"):
        buyer = Buyer(shop)

        page = buyer.order()
        shop.sandbox.pay(page)
        assert shop.answer_to("checkout.session.completed", page)[0] == 400
        assert "was refused" in shop.logs()
        shop.later(400 + FIRST_LOOK)

        buyer.wait_for_everything(20)
