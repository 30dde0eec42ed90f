"""Stripe stumbles: one page per attempt, and a shopper who is told."""

import pytest

from tests.faults.people import Buyer
from tests.fixtures.waiting import wait_until

ROW = pytest.mark.row("Stripe times out after doing the work; 500; 429; slow; away")
PATIENCE = 12.5  # seconds a shopper waits at most


@ROW
@pytest.mark.parametrize(
    ("kind", "when"),
    [("timeout", "after"), ("reset", "after"), ("500", "after"), ("500", "before"),
     ("429", "before"), ("slow", "before")],
)  # fmt: skip
def test_the_shopper_is_told_and_pays_in_the_end_on_one_page(shop, kind, when):
    for _ in range(2):  # the library itself tries twice
        shop.sandbox.fail("checkout.sessions.create", kind=kind, when=when, seconds=4)
    buyer = Buyer(shop)
    buyer.add("SENCHA-50")

    answer = buyer.send(buyer.form())
    assert answer.elapsed.total_seconds() < PATIENCE
    if answer.status_code != 303:
        assert "Your order is kept; please try again." in buyer.get(answer.headers["Location"]).text
    page = buyer.page if answer.status_code == 303 else buyer.pay_again()
    shop.sandbox.pay(page)

    buyer.wait_for_everything(20)
    assert buyer.pages_per_attempt() == {1}


@ROW
@pytest.mark.parametrize("fault", ["refuse", "freeze"])
def test_the_shopper_is_told_that_the_provider_is_away(shop, fault):
    getattr(shop.lines["provider"], fault)()
    buyer = Buyer(shop)
    buyer.add("SENCHA-50")

    answer = buyer.send(buyer.form())
    assert answer.elapsed.total_seconds() < PATIENCE
    assert "Your order is kept; please try again." in buyer.get(answer.headers["Location"]).text
    shop.heal_lines()
    shop.sandbox.pay(buyer.pay_again())

    buyer.wait_for_everything(20)
    assert buyer.pages_per_attempt() == {1}


@ROW
@pytest.mark.parametrize(("kind", "when"), [("500", "before"), ("timeout", "after")])
def test_a_question_about_a_payment_is_asked_again(shop, kind, when):
    buyer = Buyer(shop)
    page = buyer.order()
    shop.sandbox.fail("checkout.sessions.retrieve", kind=kind, when=when, times=2)

    shop.sandbox.pay(page)
    put_off = "SELECT 1 FROM checkout_providerevent WHERE reference = '{}' AND last_error <> ''"
    wait_until(lambda: shop.sql(put_off.format(page)), 30, "a try in vain")
    shop.later(60)

    buyer.wait_for_everything(20)
