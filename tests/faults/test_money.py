"""Money goes back once, and a coupon's use is neither lost nor doubled."""

import pytest

from tests.faults.journeys import COUPON
from tests.faults.people import Buyer
from tests.fixtures.waiting import wait_until


@pytest.mark.row("Stripe stumbles over a refund")
@pytest.mark.parametrize(
    ("kind", "when"),
    [("timeout", "after"), ("reset", "after"), ("500", "after"), ("500", "before")],
)
def test_money_goes_back_once(shop, kind, when):
    buyer = Buyer(shop)
    shop.sandbox.pay(buyer.order())
    buyer.wait_for_everything(20)
    shop.sandbox.control("mode", mode="drop")  # no webhook tells what the lost answer said
    # The library itself tries twice.
    shop.sandbox.fail("refunds.create", kind=kind, when=when, times=2, seconds=4)

    buyer.is_promised("1.00")
    for tries in range(1, 7):  # an error that is stored there is left behind with its key
        wait_until(lambda tries=tries: was_tried(buyer, tries), 30, f"try {tries}")
        shop.later(3600)

    buyer.wait_for_everything(30)
    assert refunds_at_the_provider(buyer) == [100]


@pytest.mark.row("reply of the database lost while a code's use comes back")
@pytest.mark.parametrize("words", [[], [b"COMMIT"]], ids=["before the commit", "after it"])
def test_a_use_that_comes_back_comes_back_once(shop, words):
    buyer = Buyer(shop)
    buyer.enter(COUPON)
    buyer.place()
    release = b'UPDATE "checkout_couponredemption" SET "released_at"'
    loss = shop.lines["database"].of("web").lose_answer(release, *words)

    buyer.give_up()
    assert loss.struck.is_set()
    buyer.enter(COUPON)
    shop.sandbox.pay(buyer.place())

    buyer.wait_for(["cancelled", "paid"], 30)
    uses = "SELECT coupon_code FROM checkout_order WHERE email = %s ORDER BY id"
    assert buyer.all(uses) == [(COUPON,), (COUPON,)]


def was_tried(buyer: Buyer, times: int) -> bool:
    """So often, or with success."""
    refunds = "SELECT 1 FROM checkout_refund r JOIN checkout_order o ON o.id = r.order_id"
    done = f"{refunds} WHERE email = %s AND (r.attempts >= {times} OR r.state = 'succeeded')"
    return bool(buyer.all(done))


def refunds_at_the_provider(buyer: Buyer) -> list[int]:
    payments = buyer.all(
        "SELECT payment_reference FROM checkout_paymentattempt a JOIN checkout_order o"
        " ON o.id = a.order_id WHERE email = %s"
    )
    made = buyer.shop.provider_knows(
        "SELECT json_extract(data, '$.payment_intent'), json_extract(data, '$.amount')"
        " FROM sandbox_document WHERE kind = 'refund'"
    )
    return [amount for payment, amount in made if (payment,) in payments]
