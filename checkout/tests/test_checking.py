"""A shop that was only ever used through its doors is sound; every breach is found and named."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from checkout.auditing import billed_orders, checking, placed_orders
from checkout.models import Order
from checkout.money_back import goods_back
from checkout.money_back.refunding import order_refund
from checkout.money_back.returns import Back
from checkout.orders import billing, fulfilment
from checkout.tests.buying import Shopper, open_shop
from checkout.tests.factories import make_order
from invoices import issuing
from invoices.tests.factories import seller
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(sandbox, run_tasks) -> Order:
    """An order of 29.90 that came back, one piece with money; beside it one that is not paid."""
    open_shop()
    make_variant("TEA-100", price="12.50", stock=10)
    waiting, buyer = Shopper(), Shopper()
    for shopper in (waiting, buyer):
        shopper.add("TEA-100", 2)
    waiting.place()
    order = buyer.place()
    sandbox.pay(order.attempts.get().reference)
    buyer.come_back(order)
    fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())
    back = {order.lines.get().pk: Back(1, restock=True)}
    order_refund(order, lines=back, reason="", by=None, at=timezone.now())
    goods_back.note(order, lines=back, reason="", by=None, at=timezone.now())
    run_tasks()
    return order


def test_sums_that_binary_fractions_miss_are_right_all_the_same():
    make_order(skus=[("TEA-10", 1, "0.10"), ("TEA-20", 1, "0.20")])

    assert "an order's total is the sum of its parts" not in found()


def found() -> set[str]:
    return {breach.invariant for breach in checking.breaches()}


def test_a_shop_used_through_its_doors_is_sound(order):
    assert list(checking.breaches()) == []


@pytest.mark.parametrize(
    ("damage", "invariant"),
    [
        ("UPDATE checkout_paymentattempt SET pays_order = false", "a sold order has its payment"),
        ("UPDATE checkout_paymentattempt SET amount_minor = 2989, captured_minor = 2989",
         "an order is charged its total"),
        ("UPDATE checkout_paymentattempt SET captured_currency = 'USD' WHERE state = 'paid'",
         "an order is charged its total"),
        ("UPDATE checkout_paymentattempt SET pays_order = false", "other money is shown to staff"),
        ("UPDATE checkout_refund SET amount_minor = 2991", "no more goes back than came"),
        ("UPDATE checkout_order SET total = total + 1", "an order's total is the sum of its parts"),
        ("UPDATE checkout_orderline SET total = total + 1",
         "an order's total is the sum of its parts"),
        ("UPDATE checkout_orderline SET discount = 1", "an order's total is the sum of its parts"),
        ("UPDATE invoices_invoice SET total = 1 WHERE kind = 'invoice'",
         "a sold order is billed its total"),
        ("UPDATE invoices_invoice SET order_number = 'gone'", "a sold order is billed its total"),
        ("UPDATE invoices_invoice SET order_number ="
         " (SELECT number FROM checkout_order WHERE status = 'placed')",
         "an invoice bills a sold order"),
        ("UPDATE checkout_order SET status = 'expired' WHERE status = 'returned'",
         "an invoice bills a sold order"),
        ("DELETE FROM mailing_message WHERE kind = 'order_received'",
         "a buyer is told what becomes of an order"),
        ("UPDATE mailing_message SET key = key || 'x' WHERE kind = 'order_sent'",
         "a buyer is told what becomes of an order"),
        ("UPDATE checkout_order SET status = 'expired' WHERE status = 'placed'",
         "a buyer is told what becomes of an order"),
        ("UPDATE checkout_order SET status = 'fulfilled' WHERE status = 'returned'",
         "the timeline leads to the state"),
        ("UPDATE checkout_orderevent SET kind = 'expired' WHERE kind = 'paid'",
         "the timeline leads to the state"),
        ("DELETE FROM checkout_orderevent WHERE kind = 'placed'",
         "the timeline leads to the state"),
        ("DELETE FROM checkout_orderevent", "the timeline leads to the state"),
        ("UPDATE invoices_invoice SET total = 1 WHERE kind = 'credit_note'",
         "credit notes are refunds"),
        ("UPDATE invoices_invoice SET key = 'x' WHERE kind = 'credit_note'",
         "credit notes are refunds"),
        ("UPDATE checkout_refund SET state = 'failed'", "credit notes are refunds"),
        ("UPDATE checkout_refundline SET quantity = 3", "no more comes back than was sold"),
        ("UPDATE products_stockmovement SET on_hand_change = 3 WHERE reason = 'returned'",
         "no more goes back on the shelf than was sold"),
        ("UPDATE products_stockmovement SET reference = 'gone' WHERE reason = 'returned'",
         "no more goes back on the shelf than was sold"),
        ("UPDATE products_stockitem SET reserved = reserved + 1",
         "promised goods are those of unpaid orders"),
        ("UPDATE checkout_order SET status = 'paid', paid_at = placed_at WHERE status = 'placed'",
         "a sold order has its payment"),
    ],
)  # fmt: skip
def test_damage_is_found(order, damage, invariant):
    with connection.cursor() as cursor:
        cursor.execute(damage)

    assert invariant in found()


def test_a_dispute_that_holds_nothing_is_found(order, sandbox, run_tasks):
    sandbox.control(f"dispute/{order.attempts.get().payment_reference}")
    sandbox.deliver("charge.dispute.created")
    run_tasks()
    assert found() == set()

    Order.objects.update(hold="")

    assert found() == {"an open dispute holds its order"}


def test_a_bill_that_was_cancelled_and_written_again_is_sound():
    seller()
    order, now = make_order(status="paid"), timezone.now()
    bill = billing.bill(order, method="Visa")
    first = issuing.issue_invoice(bill, at=now)
    issuing.cancel(first, key="cancel:1", reason="Wrong address", at=now)
    issuing.issue_invoice(bill, at=now)

    assert list(billed_orders.sold_orders_are_billed_their_total()) == []
    assert list(billed_orders.only_sold_orders_are_billed()) == []


def test_a_breach_names_the_order_and_what_is_so(order):
    Order.objects.filter(pk=order.pk).update(total=Decimal("30.90"))

    breach = next(iter(placed_orders.totals_add_up()))

    assert breach.subject == order.number
    assert "total 30.9" in breach.detail


def test_checking_costs_the_same_queries_for_one_order_and_for_many(
    order, django_assert_num_queries
):
    with django_assert_num_queries(20):
        assert found() == set()
