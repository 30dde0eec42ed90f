"""Payments that the buyer's bank questions or takes away again."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from checkout import tasks
from checkout.auditing import checking
from checkout.gateways.protocol import DisputeStatus, Quarrel, RefundStatus, Repayment
from checkout.gateways.stripe_checkout import StripeCheckout
from checkout.models import Dispute, Finding, Order, OrderEvent, ProviderEvent, Refund
from checkout.money_back import disputes, refunds
from checkout.money_back.refunding import NothingToRefund, money_left, order_refund
from checkout.orders import fulfilment, holding
from checkout.tests.buying import buy_tea, order_events, order_tea
from invoices.models import Invoice
from tests.fixtures.sandbox import post_event

pytestmark = pytest.mark.django_db
DISPUTED = "4000000000000259"


def test_a_dispute_holds_the_order_until_it_is_won(sandbox, shopper, run_tasks):
    order = buy_tea(sandbox, shopper, card=DISPUTED)
    sandbox.deliver("charge.dispute.created")
    run_tasks()

    dispute = Dispute.objects.get()
    order.refresh_from_db()
    assert (dispute.state, dispute.amount) == (Dispute.State.NEEDS_RESPONSE, Decimal("17.40"))
    assert dispute.funds_withdrawn
    assert timedelta(days=6) < dispute.respond_by - timezone.now() < timedelta(days=8)
    assert order.hold == Order.Hold.DISPUTED
    with pytest.raises(fulfilment.OnHold):
        fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())
    with pytest.raises(NothingToRefund):
        order_refund(order, amount=Decimal(1), reason="", by=None, at=timezone.now())

    sandbox.control(f"dispute/{dispute.reference}/close", outcome="won")
    sandbox.deliver("charge.dispute.closed")
    sandbox.deliver("charge.dispute.funds_reinstated")
    run_tasks()

    dispute.refresh_from_db()
    order.refresh_from_db()
    assert (dispute.state, dispute.reversed, dispute.funds_withdrawn) == ("won", 0, False)
    assert order.hold == ""
    assert order_events(order)[-2:] == ["dispute_opened", "dispute_closed"]
    assert money_left(order.attempts.get()) == Decimal("17.40")


def test_a_lost_dispute_is_booked_as_reversed(sandbox, shopper, run_tasks):
    order = buy_tea(sandbox, shopper, card=DISPUTED)
    sandbox.deliver("charge.dispute.created")
    run_tasks()

    sandbox.control(f"dispute/{Dispute.objects.get().reference}/close", outcome="lost")
    sandbox.deliver("charge.dispute.closed")
    run_tasks()

    order.refresh_from_db()
    assert Dispute.objects.get().reversed == Decimal("17.40")
    assert money_left(order.attempts.get()) == 0
    assert order.hold == Order.Hold.REFUNDED  # not to be sent: its money is gone


def test_money_that_went_back_twice_is_shown_until_somebody_has_looked(sandbox, shopper, run_tasks):
    order = buy_tea(sandbox, shopper)
    fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())
    order_refund(order, amount=Decimal("5.00"), reason="Late", by=None, at=timezone.now())
    run_tasks()
    payment, now = order.attempts.get(), timezone.now()
    taken = DisputeStatus(
        "dp_1", payment.payment_reference, Quarrel.LOST, 1740, "EUR", now, None, "", True
    )

    disputes.record(payment, taken, at=now)

    order.refresh_from_db()
    assert (order.hold, money_left(payment)) == (Order.Hold.NEEDS_REVIEW, 0)
    assert list(checking.breaches()) == []
    holding.review(order, reason="It is gone", by=None, at=timezone.now())
    assert list(checking.breaches()) == []

    OrderEvent.objects.filter(kind="reviewed").delete()
    [breach] = checking.breaches()
    assert str(breach).startswith("money that went twice is shown to staff")


def test_a_refund_at_the_provider_of_what_a_dispute_took_is_asked_about_once(sandbox, shopper):
    order = buy_tea(sandbox, shopper)
    fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())
    payment, now = order.attempts.get(), timezone.now()
    name = payment.payment_reference
    taken = DisputeStatus("dp_1", name, Quarrel.LOST, 1740, "EUR", now, None, "", True)
    given = RefundStatus("re_1", name, Repayment.SUCCEEDED, 500, "EUR", now)
    disputes.record(payment, taken, at=now)

    refunds.record(payment, given, at=now)

    order.refresh_from_db()
    assert order.hold == Order.Hold.NEEDS_REVIEW
    assert list(checking.breaches()) == []
    holding.review(order, reason="It is gone", by=None, at=timezone.now())
    refunds.record(payment, given, at=now)
    order.refresh_from_db()
    assert order.hold == ""


@pytest.mark.parametrize("then", [Quarrel.WON, Quarrel.UNDER_REVIEW], ids=["late", "an appeal"])
def test_only_a_list_read_after_the_banks_decision_opens_a_dispute_again(
    sandbox, shopper, monkeypatch, then
):
    order = buy_tea(sandbox, shopper)
    payment, now = order.attempts.get(), timezone.now()
    name = payment.payment_reference
    opened = DisputeStatus("dp_1", name, Quarrel.NEEDS_RESPONSE, 1740, "EUR", now, now, "", True)
    answers = iter([opened, replace(opened, quarrel=Quarrel.WON), opened])
    last = replace(opened, quarrel=then)
    monkeypatch.setattr(StripeCheckout, "disputes", lambda *_: [next(answers, last)])

    for minutes in range(3):  # the third was asked for before the second, or after
        disputes.follow(payment, at=now + timedelta(minutes=minutes))

    order.refresh_from_db()
    is_appeal = then == Quarrel.UNDER_REVIEW
    assert order.hold == (Order.Hold.DISPUTED if is_appeal else "")
    assert Dispute.objects.get().state == then.value
    assert order.events.filter(kind="dispute_closed").count() == 1


def test_a_decision_that_falls_while_the_list_is_read_again_stands(sandbox, shopper, monkeypatch):
    order = buy_tea(sandbox, shopper)
    payment, now = order.attempts.get(), timezone.now()
    appeal = DisputeStatus(
        "dp_1", payment.payment_reference, Quarrel.UNDER_REVIEW, 1740, "EUR", now, now, "", True
    )
    disputes.record(payment, replace(appeal, quarrel=Quarrel.WON), at=now)

    def read_slowly(*_) -> list[DisputeStatus]:
        monkeypatch.setattr(StripeCheckout, "disputes", lambda *_: [lost_meanwhile()])
        return [appeal]

    def lost_meanwhile() -> DisputeStatus:
        lost = replace(appeal, quarrel=Quarrel.LOST)
        disputes.record(payment, lost, at=now + timedelta(minutes=2))
        return appeal

    monkeypatch.setattr(StripeCheckout, "disputes", read_slowly)
    with pytest.raises(disputes.OpenAgain):  # and the event is followed up once more
        disputes.follow(payment, at=now + timedelta(minutes=1))

    assert Dispute.objects.get().state == Dispute.State.LOST


def test_an_appeal_nobody_told_us_of_that_was_lost_is_a_decision_of_its_own(sandbox, shopper):
    order = buy_tea(sandbox, shopper)
    payment, now = order.attempts.get(), timezone.now()
    won = DisputeStatus(
        "dp_1", payment.payment_reference, Quarrel.WON, 1740, "EUR", now, None, "", True
    )
    disputes.record(payment, won, at=now)
    given = RefundStatus("re_1", won.payment_reference, Repayment.SUCCEEDED, 500, "EUR", now)
    refunds.record(payment, given, at=now)

    for _ in range(2):
        disputes.record(payment, replace(won, quarrel=Quarrel.LOST), at=now)

    closed = order.events.filter(kind="dispute_closed").values_list("data__outcome", flat=True)
    assert list(closed) == ["won", "lost"]
    order.refresh_from_db()
    assert order.hold == Order.Hold.NEEDS_REVIEW


def test_an_inquiry_holds_the_order_but_its_money_is_still_here_and_may_go_back(
    sandbox, shopper, run_tasks
):
    order = buy_tea(sandbox, shopper)
    payment = order.attempts.get()
    inquiry = sandbox.control(f"dispute/{payment.payment_reference}", kind="inquiry")["dispute"]
    sandbox.deliver("charge.dispute.created")
    run_tasks()
    order.refresh_from_db()
    assert order.hold == Order.Hold.DISPUTED
    assert money_left(payment) == Decimal("17.40")

    order_refund(order, amount=Decimal("17.40"), reason="Asked", by=None, at=timezone.now())
    run_tasks()
    sandbox.control(f"dispute/{inquiry['id']}/close", outcome="won")
    sandbox.deliver("charge.dispute.closed")
    run_tasks()

    order.refresh_from_db()
    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    assert (Dispute.objects.get().state, order.hold) == ("won", Order.Hold.REFUNDED)


def test_an_inquiry_that_became_a_chargeback_unheard_takes_the_money_at_the_next_comparison(
    sandbox, shopper, run_tasks
):
    order = buy_tea(sandbox, shopper)
    payment = order.attempts.get()
    sandbox.control(f"dispute/{payment.payment_reference}")  # one state word, with and without
    tasks.reconcile()
    Dispute.objects.update(funds_withdrawn=False)  # as the inquiry was

    tasks.reconcile()

    assert money_left(payment) == 0
    assert not Finding.objects.filter(resolved_at=None).exists()


def test_a_question_asked_before_a_dispute_is_still_open_after_it(sandbox, shopper, run_tasks):
    order = buy_tea(sandbox, shopper, card=DISPUTED)
    holding.ask(order, "The address looks odd", at=timezone.now())
    sandbox.deliver("charge.dispute.created")
    run_tasks()
    order.refresh_from_db()
    assert order.hold == Order.Hold.DISPUTED

    sandbox.control(f"dispute/{Dispute.objects.get().reference}/close", outcome="won")
    sandbox.deliver("charge.dispute.closed")
    run_tasks()

    order.refresh_from_db()
    assert order.hold == Order.Hold.NEEDS_REVIEW


def test_a_dispute_told_before_the_payment_is_booked_with_it(
    sandbox, shopper, run_tasks, time_machine_at
):
    order = order_tea(shopper)
    sandbox.pay(order.attempts.get().reference, card=DISPUTED)
    sandbox.deliver("charge.dispute.created")
    run_tasks()
    assert ProviderEvent.objects.get().state == ProviderEvent.State.UNMATCHED

    sandbox.deliver("checkout.session.completed")
    run_tasks()
    with time_machine_at(minutes=1):
        tasks.sweep_events()
        run_tasks()

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PAID, Order.Hold.DISPUTED)


def test_events_of_a_whole_life_in_any_order_and_twice_end_alike(sandbox, shopper, run_tasks):
    order = buy_tea(sandbox, shopper, card=DISPUTED)
    reference = sandbox.events("charge.dispute.created")[-1]["data"]["object"]["id"]
    sandbox.control(f"dispute/{reference}/close", outcome="won")
    charge = order.attempts.get().payment_reference
    events = sandbox.events()
    shuffled = events * 2
    Random(7).shuffle(shuffled)

    for event in shuffled:
        assert post_event(event, Client()).status_code == 200
        run_tasks()

    order.refresh_from_db()
    assert charge
    assert (order.status, order.hold) == (Order.Status.PAID, "")
    assert sorted(order_events(order)) == [
        "dispute_closed",
        "dispute_opened",
        "invoiced",
        "paid",
        "placed",
    ]
    assert Invoice.objects.count() == 1
