"""Money that comes late, twice, or from another account."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from checkout import tasks
from checkout.models import Order, PaymentAttempt, ProviderEvent, Refund
from checkout.money_back import refunding
from checkout.money_back.refunding import return_payment
from checkout.payments import paying
from checkout.tests.buying import order_tea
from invoices.models import Invoice
from tests.fixtures.sandbox import post_event

pytestmark = pytest.mark.django_db
State = PaymentAttempt.State


def test_a_second_payment_is_kept_flagged_and_can_go_back_without_a_credit_note(
    sandbox, shopper, run_tasks
):
    order = order_tea(shopper)
    first = order.attempts.get()
    first.state = State.EXPIRED  # as we believed
    first.save()
    second = paying.start(order, at=timezone.now())
    sandbox.pay(second.reference)
    paying.settle(second, at=timezone.now())
    sandbox.pay(first.reference)

    sandbox.deliver("checkout.session.completed")
    run_tasks()

    order.refresh_from_db()
    first.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PAID, Order.Hold.NEEDS_REVIEW)
    assert (first.state, first.pays_order) == (State.PAID, False)
    return_payment(first, reason="Paid twice", by=None, at=timezone.now())
    run_tasks()
    order.refresh_from_db()
    assert order.hold == ""
    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    assert Invoice.objects.get().kind == Invoice.Kind.INVOICE
    assert refunding.money_left(order.attempts.get(pays_order=True)) == Decimal("17.40")


def test_a_page_given_up_and_paid_all_the_same_is_found(sandbox, shopper, run_tasks):
    order = order_tea(shopper)
    reference = order.attempts.get().reference
    order.attempts.update(state=State.FAILED, reference=None, url="")
    sandbox.pay(reference)

    tasks.reconcile()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert order.attempts.get().reference == reference


def test_a_foreign_accounts_event_is_kept_apart_and_moves_nothing(sandbox, shopper, run_tasks):
    order = order_tea(shopper)
    sandbox.pay(order.attempts.get().reference)
    event = sandbox.events("checkout.session.completed")[-1] | {"account": "acct_other"}

    post_event(event, Client())
    run_tasks()

    order.refresh_from_db()
    assert ProviderEvent.objects.get().state == ProviderEvent.State.QUARANTINED
    assert order.status == Order.Status.PLACED
