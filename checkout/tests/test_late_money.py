"""Money that comes late, twice, or from another account."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from checkout import tasks
from checkout.auditing import checking
from checkout.gateways.protocol import (
    DisputeStatus,
    GatewayUnavailable,
    Payment,
    Quarrel,
    Status,
)
from checkout.models import Order, OrderEvent, PaymentAttempt, ProviderEvent, Refund
from checkout.money_back import disputes, refunding
from checkout.money_back.refunding import return_payment
from checkout.orders import holding
from checkout.payments import booking, paying
from checkout.payments.reinstating import reinstate
from checkout.tests.buying import order_events, order_tea
from invoices.models import Invoice
from mailing.models import Message
from products.models import Variant
from products.tests.factories import make_variant
from tests.fixtures.sandbox import post_event

pytestmark = pytest.mark.django_db
State = PaymentAttempt.State


def debit(attempt: PaymentAttempt, payment: Payment) -> Status:
    """What the provider says of a bank debit made on the attempt's page."""
    return Status(
        payment, str(attempt.key), attempt.reference or "", "pi_1", attempt.amount_minor,
        attempt.currency, attempt.livemode, "SEPA",
    )  # fmt: skip


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


def test_what_could_not_be_bought_does_not_keep_what_is_paid_in_the_cart(sandbox, shopper):
    make_variant("MUG", price="8.00", stock=5, title="Mug")
    shopper.add("MUG")
    shopper.add("TEA-100")
    Variant.objects.filter(sku="MUG").update(is_active=False)

    shopper.pay(shopper.place(), sandbox)

    assert not shopper.client.session["cart"]


def test_an_answer_read_before_the_banks_no_does_not_bring_the_debit_back(sandbox, shopper):
    order = order_tea(shopper)
    attempt = order.attempts.get()
    under_way = debit(attempt, Payment.PENDING)
    booking.book(attempt, under_way, at=timezone.now())
    booking.book(attempt, debit(attempt, Payment.FAILED), at=timezone.now())

    booking.book(attempt, under_way, at=timezone.now())

    assert order.attempts.get().state == State.FAILED
    assert paying.start(order, at=timezone.now()).state == State.OPEN


def test_who_pays_on_a_page_that_could_not_be_closed_is_told_when_the_debit_fails(sandbox, shopper):
    order = order_tea(shopper)
    sandbox.fail("*", kind="500", when="before", times=9)
    with pytest.raises(GatewayUnavailable):
        paying.cancel(order, at=timezone.now())
    attempt, later = order.attempts.get(), timezone.now() + timedelta(days=3)
    booking.book(attempt, debit(attempt, Payment.PENDING), at=timezone.now())

    booking.book(attempt, debit(attempt, Payment.FAILED), at=later)

    order.refresh_from_db()
    assert order_events(order) == ["placed", "payment_pending", "payment_failed"]
    assert Message.objects.filter(kind="payment_failed").exists()
    assert order.expires_at > later


def test_a_dispute_told_before_money_of_the_wrong_amount_is_followed_up_with_it(sandbox, shopper):
    attempt = order_tea(shopper).attempts.get()
    early = ProviderEvent.objects.create(
        gateway="stripe", event_id="evt_1", kind="charge.dispute.created", payload={},
        payment_reference="pi_1", received_at=timezone.now(), state="unmatched",
    )  # fmt: skip

    booking.book(
        attempt,
        replace(debit(attempt, Payment.PAID), amount_minor=attempt.amount_minor - 1),
        at=timezone.now(),
    )

    early.refresh_from_db()
    assert early.state == ProviderEvent.State.RECEIVED


def paid_twice_after_closing(sandbox, shopper) -> Order:
    order = order_tea(shopper)
    for _ in range(2):
        paying.start(order, at=timezone.now())
        order.attempts.update(state=State.EXPIRED)
    booking.close(order, Order.Status.CANCELLED, at=timezone.now())
    for attempt in order.attempts.all():
        sandbox.pay(attempt.reference)
        paying.settle(attempt, at=timezone.now())
    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.CANCELLED, Order.Hold.NEEDS_REVIEW)
    return order


def test_returning_one_payment_leaves_the_question_about_the_other(sandbox, shopper):
    order = paid_twice_after_closing(sandbox, shopper)
    one, other = order.attempts.all()

    return_payment(one, reason="Twice", by=None, at=timezone.now())
    order.refresh_from_db()
    assert order.hold == Order.Hold.NEEDS_REVIEW

    return_payment(other, reason="Too late", by=None, at=timezone.now())
    order.refresh_from_db()
    assert order.hold == ""


def test_an_order_taken_up_again_still_asks_about_its_other_payment(sandbox, shopper):
    order = paid_twice_after_closing(sandbox, shopper)
    holding.review(order, reason="I look at it later", by=None, at=timezone.now())

    reinstate(order, by=None, at=timezone.now())

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PAID, Order.Hold.NEEDS_REVIEW)
    assert list(checking.breaches()) == []
    Order.objects.update(hold="", hold_since=None)
    OrderEvent.objects.filter(kind="reviewed").delete()
    [breach] = checking.breaches()
    assert str(breach).startswith("other money is shown to staff")


def test_what_a_bank_took_of_the_other_payment_is_no_money_to_ask_about(sandbox, shopper):
    order = paid_twice_after_closing(sandbox, shopper)
    reinstate(order, by=None, at=timezone.now())
    other, now = order.attempts.get(pays_order=False), timezone.now()
    taken = DisputeStatus(
        "dp_1", other.payment_reference, Quarrel.LOST, 1750, "EUR", now, None, "", True
    )

    disputes.record(other, taken, at=now)  # a little more than was paid: currencies move

    Order.objects.update(hold="", hold_since=None)
    assert list(checking.breaches()) == []
    kinds = order.events.filter(kind="needs_review").values_list("data__why", flat=True)
    assert "refunded, and lost in a dispute as well" not in kinds
