"""Many shoppers, few goods: what is sold is what there is. Real threads, real locks.

`ROUNDS=100` runs the race of two hundred so often.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from cart.cart import Cart
from cart.sessions import SessionStore
from checkout import shipping
from checkout.models import Order
from checkout.orders import placing
from checkout.tests.buying import ADDRESS, Shopper, open_shop
from products.models import StockItem, StockMovement
from products.tests.factories import make_variant

ROUNDS = int(os.environ.get("ROUNDS", "1"))
SHIP_TO = {name: ADDRESS.get(name, "") for name in (
    "name", "company", "street", "extra", "postcode", "city", "region", "country", "phone",
)}  # fmt: skip


def buy(number: int, sku: str, quantity: int) -> str:
    """One shopper orders, and says how it went."""
    try:
        cart = Cart(SessionStore())
        cart.add(sku, quantity)
        (way, *_) = shipping.quotes(
            country="DE", grams=cart.grams, subtotal=cart.subtotal, currency=cart.currency
        )
        placing.place_order(
            cart=cart,
            contact=placing.Contact(email=f"shopper{number}@example.com"),
            address=SHIP_TO,
            shipping=way,
            seen_total=cart.subtotal + way.price,
            key=f"form-{number}",
            at=timezone.now(),
        )
    except placing.SoldOut:
        return "sold out"
    finally:
        connection.close()
    return "ordered"


def outcome(buyers: int, sku: str, quantity: int = 1) -> Counter[str]:
    with ThreadPoolExecutor(max_workers=16) as pool:
        return Counter(pool.map(lambda number: buy(number, sku, quantity), range(buyers)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("race", range(ROUNDS))
def test_two_hundred_shoppers_for_the_last_fifty_get_fifty(race):
    open_shop()
    make_variant("TEA-100", stock=50)

    assert outcome(200, "TEA-100") == {"ordered": 50, "sold out": 150}

    item = StockItem.objects.get()
    assert (item.on_hand, item.reserved) == (50, 50)
    assert Order.objects.count() == 50
    assert sum(StockMovement.objects.values_list("reserved_change", flat=True)) == 50


@pytest.mark.django_db(transaction=True)
def test_baskets_in_opposite_order_do_not_wait_for_each_other_for_ever():
    open_shop()
    make_variant("TEA-1", stock=100)
    make_variant("TEA-2", stock=100, title="Assam")

    def buy_both(number: int) -> str:
        skus = ("TEA-1", "TEA-2") if number % 2 else ("TEA-2", "TEA-1")
        try:
            cart = Cart(SessionStore())
            for sku in skus:
                cart.add(sku, 1)
            (way, *_) = shipping.quotes(
                country="DE", grams=cart.grams, subtotal=cart.subtotal, currency=cart.currency
            )
            placing.place_order(
                cart=cart,
                contact=placing.Contact(email=f"shopper{number}@example.com"),
                address=SHIP_TO,
                shipping=way,
                seen_total=cart.subtotal + way.price,
                key=f"form-{number}",
                at=timezone.now(),
            )
        finally:
            connection.close()
        return "ordered"

    with ThreadPoolExecutor(max_workers=16) as pool:
        assert Counter(pool.map(buy_both, range(60))) == {"ordered": 60}

    assert set(StockItem.objects.values_list("reserved", flat=True)) == {60}


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_of_one_form_are_one_order_and_lead_to_one_page(sandbox):
    open_shop()
    make_variant("TEA-100", stock=50)
    shopper = Shopper()
    shopper.add("TEA-100")
    form = shopper.form()

    def send(_: int) -> str:
        try:
            twin = Shopper()
            twin.client.cookies = shopper.client.cookies
            return str(twin.send(form).url)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=10) as pool:
        pages = Counter(pool.map(send, range(50)))

    order = Order.objects.get()
    assert pages == {order.attempts.get().url: 50}
    assert StockItem.objects.get().reserved == 1
    assert order.total == Decimal("14.90")


def test_the_races_run_on_the_database_of_the_environment():
    wanted = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"

    assert connection.vendor == wanted
