"""Orders that cost nothing are sold without a provider."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from cart.tests.factories import make_coupon
from checkout import tasks
from checkout.models import Order
from checkout.payments import paying
from checkout.tests.buying import Shopper, open_shop
from checkout.tests.factories import make_order
from invoices.models import Invoice
from mailing.models import Message
from mailing.rendering import render
from products.models import StockItem
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db


def free_order() -> Order:
    """Placed, and its settling lost with the process that placed it."""
    order = make_order(shipping="0", skus=(("TEA-100", 1, "0.00"),))
    paying.prepare(order, at=timezone.now())
    return order


def test_every_order_that_costs_nothing_is_sold_at_once():
    open_shop()
    make_variant("TEA-100", price="70", stock=10)  # from 60 on, sending is free
    make_coupon("GRATIS", percent=Decimal(100))

    for name in ("ada", "ben"):
        shopper = Shopper()
        shopper.add("TEA-100")
        shopper.client.post(reverse("cart:apply_coupon"), {"code": "GRATIS"})
        shopper.send(shopper.form(email=f"{name}@example.com"))

    assert list(Order.objects.values_list("status", "total")) == [(Order.Status.PAID, 0)] * 2
    assert list(StockItem.objects.values_list("on_hand", "reserved")) == [(8, 0)]
    assert Invoice.objects.count() == 2


def test_a_free_order_that_was_cancelled_is_never_sold(time_machine_at):
    order = free_order()

    paying.cancel(order, at=timezone.now())
    with time_machine_at(minutes=6):
        tasks.sweep_attempts()
        paying.settle(order.attempts.get(), at=timezone.now())

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.CANCELLED, "")
    assert StockItem.objects.get().reserved == 0
    assert not Invoice.objects.exists()


def test_a_free_order_is_sold_rather_than_expired():
    order = free_order()

    paying.expire(order, at=order.expires_at + timedelta(hours=1))

    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_nobody_is_thanked_for_a_payment_of_nothing(run_tasks):
    order = free_order()

    paying.settle(order.attempts.get(), at=timezone.now())
    run_tasks()

    mail = render(Message.objects.get(kind="payment_received"))
    for words in (mail.subject, mail.text, mail.html):
        assert "paid" not in words.lower()
        assert "payment" not in words.lower()
    assert "there is nothing to pay" in mail.text
    assert "There is nothing to pay" in mail.html
