"""Many shoppers, few goods: what is sold is what there is. Real threads, real locks.

`ROUNDS=100` runs the race of two hundred so often.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from time import sleep

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cart.cart import Cart
from cart.sessions import SessionStore
from checkout import shipping
from checkout.models import Order
from checkout.orders import placing
from checkout.tests.buying import ADDRESS, Shopper, open_shop
from products import stocking
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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's writers queue anyway")
@pytest.mark.django_db(transaction=True)
def test_goods_are_locked_in_key_order_wherever_they_lie_on_the_disk():
    first, second = make_variant("TEA-1", stock=10), make_variant("TEA-2", stock=10, title="Assam")
    StockItem.objects.filter(pk=first.pk).update(on_hand=11)  # its row now lies after the other

    def reserve() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # The planner may read the table as it lies there.
                cursor.execute(
                    "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off"
                )
                stocking.reserve({second.pk: 1, first.pk: 1}, reference="basket", at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            StockItem.objects.select_for_update().get(pk=first.pk)
            basket = pool.submit(reserve)
            wait_for_somebody_to_wait()
            # While the basket waits for the first, it does not hold the second yet.
            free = StockItem.objects.select_for_update(skip_locked=True).filter(pk=second.pk)
            assert free.count() == len(free) == 1
        basket.result()

    assert set(StockItem.objects.values_list("reserved", flat=True)) == {1}


def wait_for_somebody_to_wait() -> None:
    """Until another connection to this database waits for a lock."""
    waiting = """
        SELECT count(*) FROM pg_locks waiting JOIN pg_locks held USING (pid)
        JOIN pg_database ON pg_database.oid = held.database
        WHERE NOT waiting.granted AND datname = current_database()
    """
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone() != (0,):
                return
        sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_of_one_form_are_one_order_and_lead_to_one_page(sandbox):
    open_shop()
    make_variant("TEA-100", stock=50)
    shopper = Shopper()
    shopper.add("TEA-100")
    form = shopper.form()
    # Long enough that many press again before the page is there.
    sandbox.fail("checkout.sessions.create", kind="slow", when="before", seconds=1.5)

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
    # Whoever presses while the page is being made is shown the order, with a link to pay.
    assert set(pages) <= {order.attempts.get().url, order.get_absolute_url()}
    made = [call["response"]["id"] for call in sandbox.requests() if call["status"] == 200]
    assert len(set(made)) == 1
    assert StockItem.objects.get().reserved == 1
    assert order.total == Decimal("14.90")


def test_the_races_run_on_the_database_of_the_environment():
    wanted = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"

    assert connection.vendor == wanted
