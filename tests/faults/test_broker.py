"""The broker is an alarm clock: what it does or forgets costs seconds and nothing else."""

import pytest

from tests.faults.people import Buyer

AT_ONCE = 1000  # milliseconds the provider may wait for our answer


@pytest.mark.row("broker down or frozen while payments arrive")
@pytest.mark.parametrize("fault", ["refuse", "freeze"])
def test_a_payment_is_taken_at_once_and_the_rest_follows(shop, fault):
    getattr(shop.lines["broker"], fault)()
    buyer = Buyer(shop)

    page = buyer.order()
    shop.sandbox.pay(page)
    status, ms = shop.answer_to("checkout.session.completed", page)
    assert status == 200
    assert ms < AT_ONCE
    assert buyer.states == ["placed"]
    shop.lines["broker"].heal()

    buyer.wait_for_everything(40)


@pytest.mark.row("broker wiped")
def test_what_the_broker_forgets_is_found_in_the_rows(shop):
    shop.lines["broker"].of("worker").freeze()
    buyers = [Buyer(shop) for _ in range(3)]

    for buyer in buyers:
        shop.sandbox.pay(buyer.order())
    shop.lines["broker"].of("worker").refuse()
    shop.wipe_broker()
    shop.lines["broker"].heal()

    for buyer in buyers:
        buyer.wait_for_everything(40)
