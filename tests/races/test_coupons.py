"""Many shoppers, few uses of a coupon. Real threads, real locks; afterwards the counts agree."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from cart.cart import Cart
from cart.models import Coupon, CouponCode
from cart.sessions import SessionStore
from cart.tests.factories import make_coupon
from checkout import shipping
from checkout.auditing import coupon_uses
from checkout.gateways.protocol import Payment, Status
from checkout.models import CouponRedemption, Order, PaymentAttempt
from checkout.orders import placing, redeeming
from checkout.payments import booking, paying
from checkout.tests.buying import Shopper, open_shop
from products.models import StockItem
from products.tests.factories import make_variant
from tests.races.test_last_items import SHIP_TO

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 16


@pytest.fixture(autouse=True)
def shop() -> None:
    open_shop()
    make_variant("TEA-100", stock=500, price="20.00")


def cart_with(code: str, sku: str = "TEA-100") -> Cart:
    """A cart whose discount is known: what others do from now on, it has not seen."""
    cart = Cart(SessionStore())
    cart.add(sku, 1)
    cart.apply_coupon(code)
    assert cart.discount
    return cart


def cart_with_tea() -> SessionStore:
    session = SessionStore()
    Cart(session).add("TEA-100", 1)
    return session


def order(cart: Cart, number: int, email: str, client: str = "") -> Order:
    (way, *_) = shipping.quotes(
        country="DE", grams=cart.grams, subtotal=cart.subtotal, currency=cart.currency
    )
    return placing.place_order(
        cart=cart,
        contact=placing.Contact(email=email, client=client),
        address=SHIP_TO,
        shipping=way,
        discount=cart.discount,
        seen_total=cart.total + way.price,
        key=f"form-{number}",
        at=timezone.now(),
    )


def outcome(carts: list[Cart], emails: Callable[[int], str]) -> Counter[str]:
    """All order at once, by address and cart; and how it went for how many."""
    together = Barrier(AT_ONCE)

    def buy(number: int) -> str:
        if number < AT_ONCE:
            together.wait()
        try:
            order(carts[number], number, emails(number))
        except redeeming.CouponGone:
            return "gone"
        except placing.TooManyUnpaid:
            return "too many unpaid"
        finally:
            connection.close()
        return "ordered"

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return Counter(pool.map(buy, range(len(carts))))


def check_counts(uses: int) -> None:
    assert Coupon.objects.get().used == uses
    assert CouponRedemption.objects.filter(released_at=None).count() == uses
    assert list(coupon_uses.breaches()) == []


def test_two_hundred_buyers_of_twenty_uses_get_twenty():
    make_coupon(total_limit=20)
    carts = [cart_with("SPRING10") for _ in range(200)]

    assert outcome(carts, lambda n: f"shopper{n}@example.com") == {"ordered": 20, "gone": 180}

    check_counts(20)
    assert Order.objects.count() == StockItem.objects.get().reserved == 20


def test_a_single_use_code_is_used_by_one_of_fifty():
    make_coupon(single_use=True)
    carts = [cart_with("SPRING10") for _ in range(50)]

    assert outcome(carts, lambda n: f"shopper{n}@example.com") == {"ordered": 1, "gone": 49}

    check_counts(1)
    assert CouponCode.objects.get().used == 1


@pytest.mark.parametrize("unpaid_before", [0, 4])
def test_fifty_posts_of_one_form_with_a_code_that_works_once_are_one_order(sandbox, unpaid_before):
    for number in range(unpaid_before):
        order(Cart(cart_with_tea()), 900 + number, "ada@example.com")
    make_coupon(single_use=True)
    shopper = Shopper()
    shopper.add("TEA-100")
    shopper.client.post(reverse("cart:apply_coupon"), {"code": "SPRING10"})
    form = shopper.form(email="ada@example.com")

    def send(_: int) -> str:
        try:
            twin = Shopper()
            twin.client.cookies = shopper.client.cookies
            return str(getattr(twin.send(form), "url", "refused"))
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        pages = Counter(pool.map(send, range(50)))

    placed = Order.objects.get(coupon_code="SPRING10")
    # Nobody is refused; where the provider is asked by too many at once, the order has its link.
    assert set(pages) <= {placed.attempts.get().url, placed.get_absolute_url()}
    check_counts(1)


SPELLINGS = ("ada@gmail.com", "Ada@GMAIL.com", "a.d.a@gmail.com", "ada+tea@googlemail.com")


def test_one_customer_in_many_spellings_uses_a_code_once():
    make_coupon(per_customer_limit=1)
    carts = [cart_with("SPRING10") for _ in range(32)]

    assert outcome(carts, lambda n: SPELLINGS[n % 4]) == {"ordered": 1, "gone": 31}

    check_counts(1)
    assert Order.objects.get().customer == "ada@gmail.com"


def test_two_first_orders_of_one_customer_with_two_coupons_are_one():
    make_coupon("HELLO-1", first_order_only=True)
    make_coupon("HELLO-2", first_order_only=True)
    make_variant("POT-1", stock=500, price="20.00")  # they meet neither here nor at the coupon
    kinds = [("HELLO-1", "TEA-100"), ("HELLO-2", "POT-1")]
    carts = [cart_with(*kinds[number % 2]) for number in range(AT_ONCE)]

    assert outcome(carts, lambda n: SPELLINGS[n % 4]) == {"ordered": 1, "gone": AT_ONCE - 1}

    assert sum(Coupon.objects.values_list("used", flat=True)) == 1
    assert list(coupon_uses.breaches()) == []


def test_one_customer_gets_five_unpaid_orders_however_fast():
    make_coupon()
    carts = [cart_with("SPRING10") for _ in range(32)]

    assert outcome(carts, lambda n: SPELLINGS[n % 4]) == {"ordered": 5, "too many unpaid": 27}

    check_counts(5)


def test_uses_that_come_back_while_others_are_claimed_are_neither_lost_nor_doubled():
    make_coupon(total_limit=10)
    placed = [order(cart_with("SPRING10"), n, f"early{n}@example.com") for n in range(10)]
    Coupon.objects.update(total_limit=20)
    carts = [cart_with("SPRING10") for _ in range(40)]
    Coupon.objects.update(total_limit=10)
    together = Barrier(AT_ONCE)

    def work(number: int) -> str:
        if number < AT_ONCE:
            together.wait()
        try:
            return _close_twice(number) if number < 20 else _buy(number)
        finally:
            connection.close()

    def _close_twice(number: int) -> str:
        # Each order is closed by two workers at once.
        booking.close(placed[number // 2], Order.Status.CANCELLED, at=timezone.now())
        return "closed"

    def _buy(number: int) -> str:
        try:
            order(carts[number - 20], 1000 + number, f"late{number}@example.com")
        except redeeming.CouponGone:
            return "gone"
        return "ordered"

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        went = Counter(pool.map(work, range(60)))

    assert went["closed"] == 20
    assert went["ordered"] <= 10
    check_counts(went["ordered"])


def test_an_order_is_taken_up_again_once_however_often_it_is_asked():
    make_coupon(total_limit=3)
    placed = order(cart_with("SPRING10"), 1, "ada@example.com")
    booking.close(placed, Order.Status.CANCELLED, at=timezone.now())

    def again(_: int) -> Any:
        try:
            with transaction.atomic():
                locked = Order.objects.select_for_update().get(pk=placed.pk)
                return redeeming.claim_again(locked, at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as pool:
        assert Counter(pool.map(again, range(8))) == {True: 8}

    assert Coupon.objects.get().used == 1
    assert CouponRedemption.objects.filter(released_at=None).count() == 1


def test_of_payments_from_many_networks_at_once_the_limit_is_the_customers():
    make_coupon(per_customer_limit=2)
    for number in range(8):  # they do not meet at the shelf
        make_variant(f"POT-{number}", stock=1)
    carts = [cart_with("SPRING10", f"POT-{number}") for number in range(8)]
    placed = [order(cart, n, "ada@gmail.com", f"network {n}") for n, cart in enumerate(carts)]
    attempts = [paying.prepare(one, at=timezone.now()) for one in placed]
    together = Barrier(len(attempts))

    def sell(attempt: PaymentAttempt) -> None:
        together.wait()
        try:
            booking.book(attempt, _paid(attempt), at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(attempts)) as pool:
        list(pool.map(sell, attempts))

    assert set(Order.objects.values_list("status", flat=True)) == {"paid"}
    assert CouponRedemption.objects.filter(beyond_limit=False).count() == 2
    check_counts(8)


def _paid(attempt: PaymentAttempt) -> Status:
    return Status(
        payment=Payment.PAID,
        attempt_key=str(attempt.key),
        reference=f"cs_{attempt.pk}",
        payment_reference=f"pi_{attempt.pk}",
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
        livemode=False,
    )
