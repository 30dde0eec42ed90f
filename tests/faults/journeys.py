"""Ways through the shop, each to its end. A moment to die at is one that a journey passes.

A new flow of the shop is a new function here, a few lines long.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.people import Buyer
from tests.faults.shop import LEASE, FragileShop
from tests.fixtures.waiting import wait_until

COUPON = "WELCOME10"  # of the demo shop: once per customer, in the first order
NEXT_LOOK = 300  # seconds between two looks at a payment nobody speaks of
Journey = Callable[[Buyer, FragileShop], None]


@dataclass(frozen=True)
class Way:
    """A journey and where it ends: the states of the buyer's orders.

    `patience` is how long, in seconds, the shop waits before it takes over from the dead.
    """

    go: Journey
    ends: tuple[str, ...] = ("paid",)
    patience: int = LEASE


def told_by_the_webhook(buyer: Buyer, shop: FragileShop) -> None:
    """Pays and closes the browser."""
    shop.sandbox.pay(buyer.order())


def told_by_the_buyer(buyer: Buyer, shop: FragileShop) -> None:
    """No webhook comes; the buyer does."""
    shop.sandbox.control("mode", mode="drop")
    shop.sandbox.pay(buyer.order())
    buyer.come_back()


def told_by_nobody(buyer: Buyer, shop: FragileShop) -> None:
    """Neither webhook nor buyer come; the shop asks when the time has come."""
    shop.sandbox.control("mode", mode="drop")
    shop.sandbox.pay(buyer.order())
    shop.later(NEXT_LOOK)


def told_by_the_providers_list(buyer: Buyer, shop: FragileShop) -> None:
    """No webhook comes, and the hour has come to read the provider's list of events."""
    shop.sandbox.control("mode", mode="drop")
    shop.sandbox.pay(buyer.order())
    shop.ask_for("checkout.tasks.catch_up")


def nobody_is_woken(buyer: Buyer, shop: FragileShop) -> None:
    """Nothing the web publishes arrives; the sweeps find everything."""
    shop.lines["broker"].of("web").refuse()
    shop.sandbox.pay(buyer.order())


def nobody_is_woken_to_print(buyer: Buyer, shop: FragileShop) -> None:
    """As before, and the invoice is written by the web."""
    shop.lines["broker"].of("web").refuse()
    told_by_the_buyer(buyer, shop)


def declined_at_first(buyer: Buyer, shop: FragileShop) -> None:
    page = buyer.order()
    shop.sandbox.pay(page, card="4000000000000002")
    shop.sandbox.pay(page)


def pays_by_bank(buyer: Buyer, shop: FragileShop) -> None:
    """The money is under way, fails, and is paid by card."""
    page = buyer.order()
    shop.sandbox.pay(page, method="bank_debit")
    wait_until(lambda: buyer.attempts[-1:] == ["pending"], 30, "the debit")
    shop.sandbox.control(f"async/{page}", outcome="failed")
    wait_until(lambda: buyer.attempts[-1:] == ["failed"], 30, "its failure")
    shop.sandbox.pay(buyer.pay_again())


def the_provider_stumbles(buyer: Buyer, shop: FragileShop) -> None:
    """No answer to the first calls; pressing "Pay now" helps in the end."""
    shop.sandbox.fail("checkout.sessions.create", kind="500", when="before", times=1)
    buyer.add("SENCHA-50")
    buyer.send(buyer.form())
    shop.sandbox.pay(buyer.pay_again())


def changes_mind(buyer: Buyer, shop: FragileShop) -> None:
    """Orders, adds one more, orders again: the first order is cancelled."""
    buyer.order()
    shop.sandbox.pay(buyer.order())


def orders_with_a_coupon(buyer: Buyer, shop: FragileShop) -> None:
    """Gives the first order up, whose use of the code comes back, and uses it in the second."""
    buyer.enter(COUPON)
    buyer.place()
    buyer.give_up()
    buyer.enter(COUPON)
    shop.sandbox.pay(buyer.place())


def gets_money_back(buyer: Buyer, shop: FragileShop) -> None:
    """Some of it at first, in two refunds: one decided here, one at the provider's desk."""
    shop.sandbox.pay(buyer.order())
    wait_until(lambda: _tended(buyer) == ["paid"], 60, "the payment")
    buyer.is_promised("1.00")
    (payment,) = buyer.one(
        "SELECT payment_reference FROM checkout_paymentattempt a JOIN checkout_order o"
        " ON o.id = a.order_id WHERE email = %s"
    )
    shop.sandbox.control(f"refund/{payment}", amount=200)
    wait_until(lambda: len(_refunds(buyer)) == 2, 60, "both refunds")


def never_pays(buyer: Buyer, shop: FragileShop) -> None:
    buyer.order()
    buyer.all("UPDATE checkout_order SET expires_at = now() WHERE email = %s")


def _tended(buyer: Buyer) -> list[str]:
    buyer.shop.tend()
    return buyer.states


def _refunds(buyer: Buyer) -> list[tuple[object, ...]]:
    buyer.shop.tend()
    refunds = "SELECT r.id FROM checkout_refund r JOIN checkout_order o ON o.id = r.order_id"
    return buyer.all(f"{refunds} WHERE email = %s")


WAYS = [
    Way(told_by_the_webhook),
    Way(told_by_the_buyer),
    Way(told_by_nobody, patience=NEXT_LOOK),
    Way(told_by_the_providers_list, patience=NEXT_LOOK),
    Way(nobody_is_woken),
    Way(nobody_is_woken_to_print),
    Way(declined_at_first),
    Way(pays_by_bank),
    Way(the_provider_stumbles),
    Way(changes_mind, ends=("cancelled", "paid")),
    Way(orders_with_a_coupon, ends=("cancelled", "paid")),
    Way(gets_money_back),
    Way(never_pays, ends=("expired",)),
]
