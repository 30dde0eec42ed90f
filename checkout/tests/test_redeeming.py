"""From the code in the cart to the order that used it, and back when it is not paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cart.cart import Cart
from cart.models import Coupon, CouponCode
from cart.tests.factories import count_afresh, make_coupon
from checkout.auditing import coupon_uses
from checkout.models import CouponRedemption, Order, ShippingMethod
from checkout.orders import redeeming
from checkout.payments import booking, paying
from checkout.tests.buying import Shopper, open_shop
from products.models import StockItem
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db
LATER = timedelta(days=400)


@pytest.fixture(autouse=True)
def shop(sandbox):
    count_afresh()
    open_shop()
    make_variant("TEA-100", price="25.00", stock=100)


def shopper_with(code: str = "SPRING10", quantity: int = 1) -> Shopper:
    shopper = Shopper()
    shopper.add("TEA-100", quantity)
    enter(shopper, code)
    return shopper


def enter(shopper: Shopper, code: str) -> None:
    response = shopper.client.post(reverse("cart:apply_coupon"), {"code": code})
    assert response.status_code == 303, response.content.decode()


def refused(response) -> str:
    """Why nothing was ordered, from the page that is shown again."""
    assert response.status_code == 200
    (why,) = response.context["form"].non_field_errors()
    return str(why)


def counts() -> tuple[int, int, int]:
    """Uses of the coupon, of its code, and live redemptions."""
    live = CouponRedemption.objects.filter(released_at=None).count()
    assert list(coupon_uses.breaches()) == []
    return Coupon.objects.get().used, CouponCode.objects.get().used, live


def test_the_discount_is_on_the_order_and_in_what_is_charged(sandbox):
    make_coupon()

    order = shopper_with(quantity=2).place()

    assert (order.subtotal, order.discount, order.shipping) == (50, 5, Decimal("4.90"))
    assert (order.total, order.coupon_code) == (Decimal("49.90"), "SPRING10")
    assert order.lines.get().discount == 5
    assert order.customer == "ada@example.com"
    assert order.attempts.get().amount_minor == 4990
    assert counts() == (1, 1, 1)


def test_the_checkout_shows_the_code_and_what_it_takes_off():
    make_coupon()

    page = shopper_with().client.get(reverse("checkout:checkout")).content.decode()

    assert "Coupon SPRING10" in page
    assert "−€2.50" in page
    assert "Order and pay €27.40" in page


def test_free_shipping_costs_nothing():
    make_coupon(free_shipping=True)

    order = shopper_with().place()

    assert (order.total, order.shipping, order.discount) == (25, 0, 0)
    assert order.coupon_code == "SPRING10"


def test_goods_and_shipping_for_nothing_are_an_order_without_a_payment_page():
    make_coupon(percent="100", minimum_spend=Decimal(60))

    order = shopper_with(quantity=3).place()

    assert order.total == 0
    assert counts() == (1, 1, 1)


def test_a_closed_order_gives_the_use_back_once():
    make_coupon(total_limit=1, single_use=True)
    order = shopper_with().place()
    assert counts() == (1, 1, 1)
    order.attempts.update(state="expired")

    for _ in range(2):
        booking.close(order, Order.Status.CANCELLED, at=timezone.now())
        redeeming.release(order, at=timezone.now())

    assert counts() == (0, 0, 0)
    assert shopper_with().place(email="bob@example.com").coupon_code == "SPRING10"


def test_ordering_again_instead_of_paying_keeps_a_code_that_works_once():
    make_coupon(single_use=True, total_limit=1, per_customer_limit=1)
    shopper = shopper_with()
    first = shopper.place()

    shopper.add("TEA-100")
    second = shopper.place()

    first.refresh_from_db()
    assert first.status == Order.Status.CANCELLED
    assert (second.discount, second.coupon_code) == (5, "SPRING10")
    assert counts() == (1, 1, 1)


def test_a_form_sent_twice_at_once_finds_its_order_though_that_has_used_the_code_up():
    make_coupon(single_use=True)
    shopper = shopper_with()
    form = shopper.form()
    first = shopper.send(form)
    session = shopper.client.session
    del session["order"], session["coupon_claimed"]  # as the slower request had read it
    session.save()

    second = shopper.send(form)

    assert second.url == first.url
    assert Order.objects.count() == 1
    assert counts() == (1, 1, 1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"is_active": False}, "SPRING10 can no longer be used."),
        ({"ends_at": timezone.now() - timedelta(minutes=1)}, "SPRING10 has ended."),
        ({"total_limit": 0}, "SPRING10 has been used up."),
    ],
)
def test_a_coupon_that_ends_before_the_order_is_told_and_the_full_price_shown(change, why):
    make_coupon()
    shopper = shopper_with()
    form = shopper.form()
    Coupon.objects.update(**change)

    response = shopper.send(form)

    # Seen while the cart is priced: the total is another one, and the cart says why.
    assert refused(response) == "The total has changed. Please check it and order again."
    page = response.content.decode()
    assert why in page
    assert "Order and pay €29.90" in page
    assert not Order.objects.exists()
    assert counts() == (0, 0, 0)
    assert shopper.place().total == Decimal("29.90")


def test_a_code_used_before_is_refused_and_the_shopper_asked_again():
    make_coupon(per_customer_limit=1)
    shopper_with().place(email="Ada+one@example.com")
    shopper = shopper_with()

    response = shopper.send(shopper.form(email="ada@EXAMPLE.com"))

    assert refused(response) == (
        "You have used SPRING10 before, or an order of yours waits for payment with it. "
        "Please check the total without it and order again."
    )
    assert "Order and pay €29.90" in response.content.decode()
    assert Order.objects.count() == StockItem.objects.get().reserved == 1
    assert counts() == (1, 1, 1)
    again = shopper.place(email="ada@EXAMPLE.com")
    assert (again.total, again.coupon_code) == (Decimal("29.90"), "")


def test_a_customer_may_use_a_code_as_often_as_its_limit_says():
    make_coupon(per_customer_limit=2)

    for _ in range(2):
        shopper_with().place()
    third = shopper_with()

    assert "You have used SPRING10 before" in refused(third.send(third.form()))
    assert sorted(CouponRedemption.objects.values_list("use", flat=True)) == [1, 2]
    assert counts() == (2, 2, 2)


@pytest.mark.parametrize("terms", [{"per_customer_limit": 1}, {"first_order_only": True}])
def test_terms_that_staff_write_while_an_order_is_placed_hold_for_it(terms):
    make_coupon()
    shopper_with().place()
    discount = Cart(shopper_with().client.session).discount
    plain = Shopper()
    plain.add("TEA-100")
    order = plain.place()
    Coupon.objects.update(**terms)

    with pytest.raises(redeeming.CouponGone), transaction.atomic():
        redeeming.claim(order, discount, at=timezone.now())

    assert counts() == (1, 1, 1)


def test_a_first_order_is_one_without_another_that_was_not_given_up():
    make_coupon(first_order_only=True)
    given_up = Shopper()
    given_up.add("TEA-100")
    order = given_up.place(email="ada@gmail.com")
    order.attempts.update(state="expired")
    booking.close(order, Order.Status.CANCELLED, at=timezone.now())

    first = shopper_with().place(email="a.da@gmail.com")
    assert first.discount == Decimal("2.50")

    second = shopper_with()
    response = second.send(second.form(email="ada@googlemail.com"))
    assert refused(response).startswith("SPRING10 is for the first order only.")
    assert counts() == (1, 1, 1)


def test_uses_from_before_there_was_a_limit_count():
    coupon = make_coupon()
    for _ in range(2):
        shopper_with().place()
    Coupon.objects.filter(pk=coupon.pk).update(per_customer_limit=2)

    third = shopper_with()

    assert "You have used SPRING10 before" in refused(third.send(third.form()))
    assert list(CouponRedemption.objects.values_list("use", flat=True)) == [None, None]


def test_a_use_comes_back_to_its_number():
    coupon = make_coupon(per_customer_limit=2)
    first, _second = shopper_with().place(), shopper_with().place()
    first.attempts.update(state="expired")
    booking.close(first, Order.Status.CANCELLED, at=timezone.now())

    shopper_with().place()

    live = CouponRedemption.objects.filter(released_at=None)
    assert sorted(live.values_list("use", flat=True)) == [1, 2]
    assert coupon.redemptions.count() == 3
    assert counts() == (2, 2, 2)


def test_paying_forgets_the_code(sandbox):
    make_coupon()
    shopper = shopper_with()
    order = shopper.place()
    sandbox.pay(order.attempts.get().reference)

    shopper.come_back(order)

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert not shopper.client.session.get("coupon")
    assert counts() == (1, 1, 1)


# --- Strangers ---------------------------------------------------------------------------------


def shopper_from(address: str) -> Shopper:
    shopper = plain(address)
    enter(shopper, "SPRING10")
    return shopper


@pytest.mark.parametrize("terms", [{"per_customer_limit": 1}, {"first_order_only": True}])
def test_a_stranger_who_does_not_pay_uses_up_nobodys_code(terms):
    make_coupon(**terms)
    shopper_from("9.9.9.9").place(email="ada@example.com")
    stranger = shopper_from("9.9.9.9")

    owners = shopper_from("8.8.8.8").place(email="ada@example.com")

    assert owners.discount == Decimal("2.50")
    assert refused(stranger.send(stranger.form(email="ada@example.com"))).startswith(
        ("You have used SPRING10 before", "SPRING10 is for the first order only.")
    )
    assert counts() == (2, 2, 2)


@pytest.mark.parametrize("terms", [{"per_customer_limit": 1}, {"first_order_only": True}])
def test_what_is_paid_counts_wherever_it_came_from(sandbox, terms):
    make_coupon(**terms)
    pay(sandbox, shopper_from("9.9.9.9").place(email="ada@example.com"))
    elsewhere = shopper_from("8.8.8.8")

    assert refused(elsewhere.send(elsewhere.form(email="ada@example.com")))

    assert counts() == (1, 1, 1)


def test_of_two_orders_from_two_networks_that_are_both_paid_one_is_the_customers_use(sandbox):
    make_coupon(per_customer_limit=1, total_limit=2)
    orders = [shopper_from(f"9.9.9.{n}").place(email="ada@example.com") for n in range(2)]

    for order in reversed(orders):
        pay(sandbox, order)

    orders[0].refresh_from_db()
    assert (orders[0].status, orders[0].discount) == (Order.Status.PAID, Decimal("2.50"))
    notes = [order.events.filter(kind="note").count() for order in orders]
    assert notes == [1, 0]
    beyond = CouponRedemption.objects.filter(beyond_limit=True)
    assert [use.order for use in beyond] == [orders[0]]
    assert counts() == (2, 2, 2)  # of all, none is left


def pay(sandbox, order: Order) -> None:
    sandbox.pay(order.attempts.get().reference)
    paying.settle(order.attempts.get(), at=timezone.now())


# --- Taken up again ----------------------------------------------------------------------------


def closed_order(**terms) -> Order:
    make_coupon(**terms)
    order = shopper_with().place()
    order.attempts.update(state="expired")
    booking.close(order, Order.Status.EXPIRED, at=order.expires_at)
    return Order.objects.get(pk=order.pk)


def test_an_order_paid_after_all_has_its_use_again_whatever_the_dates():
    order = closed_order(ends_at=timezone.now() + timedelta(hours=1))

    assert redeeming.claim_again(order, at=timezone.now() + LATER)
    Order.objects.update(status="paid", paid_at=timezone.now())

    assert counts() == (1, 1, 1)


@pytest.mark.parametrize(
    "terms", [{"total_limit": 1}, {"single_use": True}, {"per_customer_limit": 1}]
)
def test_an_order_paid_after_all_takes_no_use_that_is_not_there(terms):
    order = closed_order(**terms)
    other = shopper_with().place()

    assert not redeeming.claim_again(order, at=timezone.now())

    assert CouponRedemption.objects.get(released_at=None).order == other
    assert counts() == (1, 1, 1)
    note = order.events.get(kind="note")
    assert note.data["text"] == "SPRING10 was used up meanwhile. The order keeps its discount."
    order.refresh_from_db()
    assert order.discount == Decimal("2.50")


def test_an_order_without_a_coupon_has_nothing_to_claim_again():
    shopper = Shopper()
    shopper.add("TEA-100")

    assert redeeming.claim_again(shopper.place(), at=timezone.now())


# --- What check_shop is told -------------------------------------------------------------------


def test_uses_that_are_paid_and_not_set_aside_stay_below_the_limit(sandbox):
    make_coupon(per_customer_limit=1)
    for order in [shopper_from(f"9.9.9.{n}").place(email="ada@example.com") for n in range(2)]:
        pay(sandbox, order)
    CouponRedemption.objects.update(beyond_limit=False)

    told = [breach.invariant for breach in coupon_uses.breaches()]

    assert told == ["a customer's uses stay below the limit"]


def test_a_discount_without_its_use_is_told():
    make_coupon()
    order = shopper_with().place()
    CouponRedemption.objects.all().delete()
    Coupon.objects.update(used=0)
    CouponCode.objects.update(used=0)

    told = [(breach.invariant, breach.subject) for breach in coupon_uses.breaches()]

    assert told == [("a coupon's order is a use of it", f"order {order.number}")]


def test_every_breach_is_told():
    make_coupon(per_customer_limit=2)
    first, second = shopper_with().place(), shopper_with().place()
    assert list(coupon_uses.breaches()) == []

    Coupon.objects.update(used=5, per_customer_limit=1)
    CouponCode.objects.update(used=1)
    Order.objects.filter(pk=first.pk).update(status="cancelled")
    Order.objects.filter(pk=second.pk).update(customer="eve@example.com")

    assert {breach.invariant for breach in coupon_uses.breaches()} == {
        "uses of a coupon = its orders",
        "uses of a code = its orders",
        "a customer's uses stay below the limit",
        "an order given up holds no coupon",
        "an order names its coupon",
    }


# --- Orders nobody pays ------------------------------------------------------------------------


def plain(address: str = "127.0.0.1") -> Shopper:
    shopper = Shopper()
    shopper.client = Client(REMOTE_ADDR=address)
    shopper.add("TEA-100")
    return shopper


def test_a_customer_has_five_unpaid_orders_at_most():
    for number in range(5):
        plain().place(email=f"ada+{number}@example.com")
    sixth = plain()

    response = sixth.send(sixth.form(email="ADA@example.com"))

    assert refused(response).startswith("You have several orders waiting for payment.")
    assert Order.objects.count() == StockItem.objects.get().reserved == 5
    order = Order.objects.first()
    order.attempts.update(state="expired")
    booking.close(order, Order.Status.CANCELLED, at=timezone.now())
    sixth.place(email="ada@example.com")


def test_a_stranger_who_knows_an_address_does_not_keep_its_owner_from_ordering():
    for _ in range(5):
        plain("9.9.9.9").place(email="ada@example.com")
    stranger, owner = plain("9.9.9.9"), plain("8.8.8.8")

    response = stranger.send(stranger.form(email="ada@example.com"))
    owner.place(email="ada@example.com")

    assert refused(response).startswith("You have several orders waiting for payment.")
    assert Order.objects.count() == 6


def test_an_unpaid_order_is_cancelled_through_its_link_and_makes_room_for_another(sandbox):
    orders = [plain().place(email="ada@example.com") for _ in range(5)]
    page = orders[0].attempts.get().reference
    owner = plain()

    owner.client.post(reverse("orders:cancel", args=[orders[0].token]))
    owner.place(email="ada@example.com")

    orders[0].refresh_from_db()
    assert orders[0].status == Order.Status.CANCELLED
    assert StockItem.objects.get().reserved == 5
    with pytest.raises(AssertionError):
        sandbox.pay(page)


def test_where_an_order_came_from_is_hashed_and_forgotten_when_it_ends(sandbox):
    paid, cancelled = (plain("9.9.9.9").place() for _ in range(2))
    assert len(paid.placed_from) == 64

    sandbox.pay(paid.attempts.get().reference)
    paying.settle(paid.attempts.get(), at=timezone.now())
    paying.cancel(cancelled, at=timezone.now())

    assert set(Order.objects.values_list("status", "placed_from")) == {
        ("paid", ""),
        ("cancelled", ""),
    }


def test_an_address_places_thirty_orders_an_hour_at_most():
    for number in range(30):
        plain("9.9.9.9").place(email=f"shopper{number}@example.com")
    next_one = plain("9.9.9.9")

    response = next_one.send(next_one.form(email="next@example.com"))

    assert refused(response).startswith("Many orders have come from your network.")
    assert Order.objects.count() == 30
    plain("9.9.9.10").place(email="next@example.com")


def test_free_shipping_is_kept_for_another_time_where_sending_is_free_anyway():
    ShippingMethod.objects.create(name="Shop", kind="pick_up", collect_at="Lindenstraße 12")
    make_coupon(free_shipping=True, single_use=True)
    shopper = shopper_with()
    pick_up = str(ShippingMethod.objects.get(kind="pick_up").pk)
    form = shopper.form(shipping_method=pick_up)

    page = shopper.client.post(reverse("checkout:checkout"), {**form, "refresh": "1"})
    shopper.send(shopper.refreshed(form))

    assert "Kept: sending is free anyway" in page.content.decode()
    assert Order.objects.get().coupon_code == ""
    assert not CouponRedemption.objects.exists()
    assert Cart(shopper.client.session).coupon_code == "SPRING10"
