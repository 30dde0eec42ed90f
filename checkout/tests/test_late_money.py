"""Money that comes late, twice, unheard of, or is taken away again by the buyer's bank."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from checkout import tasks
from checkout.auditing import findings
from checkout.models import Audit, Dispute, Finding, Order, PaymentAttempt, ProviderEvent, Refund
from checkout.money_back import refunding
from checkout.money_back.refunding import NothingToRefund, order_refund, return_payment
from checkout.money_back.returns import TooMuch
from checkout.orders import fulfilment, holding
from checkout.payments import catching_up, inbox, paying, scrubbing
from checkout.tests.buying import Shopper, open_shop
from invoices.models import Invoice
from mailing.breaches import Breach
from products.tests.factories import make_variant
from tests.fixtures.sandbox import post_event

pytestmark = pytest.mark.django_db
State = PaymentAttempt.State
DISPUTED = "4000000000000259"


@pytest.fixture
def shopper(sandbox):
    open_shop()
    make_variant("TEA-100", price="12.50", stock=10)
    return Shopper()


def place(shopper) -> Order:
    shopper.add("TEA-100")
    return shopper.place()


def buy(sandbox, shopper, card: str = "4242424242424242") -> Order:
    """A paid order of 17.40."""
    order = place(shopper)
    sandbox.pay(order.attempts.get().reference, card=card)
    shopper.come_back(order)
    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    return order


def kinds(order: Order) -> list[str]:
    return list(order.events.values_list("kind", flat=True))


def open_findings() -> list[tuple[str, str]]:
    return list(
        Finding.objects.filter(resolved_at=None)
        .order_by("invariant")
        .values_list("invariant", "subject")
    )


# --- Disputes ----------------------------------------------------------------------------------


def test_a_dispute_holds_the_order_until_it_is_won(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper, card=DISPUTED)
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
    assert kinds(order)[-2:] == ["dispute_opened", "dispute_closed"]
    assert refunding.money_left(order.attempts.get()) == Decimal("17.40")


def test_a_lost_dispute_is_booked_as_reversed(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper, card=DISPUTED)
    sandbox.deliver("charge.dispute.created")
    run_tasks()

    sandbox.control(f"dispute/{Dispute.objects.get().reference}/close", outcome="lost")
    sandbox.deliver("charge.dispute.closed")
    run_tasks()

    order.refresh_from_db()
    assert Dispute.objects.get().reversed == Decimal("17.40")
    assert refunding.money_left(order.attempts.get()) == 0
    assert order.hold == Order.Hold.REFUNDED  # not to be sent: its money is gone


def test_an_inquiry_holds_the_order_but_its_money_is_still_here_and_may_go_back(
    sandbox, shopper, run_tasks
):
    order = buy(sandbox, shopper)
    payment = order.attempts.get()
    inquiry = sandbox.control(f"dispute/{payment.payment_reference}", kind="inquiry")["dispute"]
    sandbox.deliver("charge.dispute.created")
    run_tasks()
    order.refresh_from_db()
    assert order.hold == Order.Hold.DISPUTED
    assert refunding.money_left(payment) == Decimal("17.40")

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
    order = buy(sandbox, shopper)
    payment = order.attempts.get()
    sandbox.control(f"dispute/{payment.payment_reference}")  # one state word, with and without
    tasks.reconcile()
    Dispute.objects.update(funds_withdrawn=False)  # as the inquiry was

    tasks.reconcile()

    assert refunding.money_left(payment) == 0
    assert not Finding.objects.filter(resolved_at=None).exists()


def test_a_question_asked_before_a_dispute_is_still_open_after_it(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper, card=DISPUTED)
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
    order = place(shopper)
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
    order = buy(sandbox, shopper, card=DISPUTED)
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
    assert sorted(kinds(order)) == [
        "dispute_closed",
        "dispute_opened",
        "invoiced",
        "paid",
        "placed",
    ]
    assert Invoice.objects.count() == 1


# --- Late, twice -------------------------------------------------------------------------------


def test_a_second_payment_is_kept_flagged_and_can_go_back_without_a_credit_note(
    sandbox, shopper, run_tasks
):
    order = place(shopper)
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
    order = place(shopper)
    reference = order.attempts.get().reference
    order.attempts.update(state=State.FAILED, reference=None, url="")
    sandbox.pay(reference)

    tasks.reconcile()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert order.attempts.get().reference == reference


def test_a_foreign_accounts_event_is_kept_apart_and_moves_nothing(sandbox, shopper, run_tasks):
    order = place(shopper)
    sandbox.pay(order.attempts.get().reference)
    event = sandbox.events("checkout.session.completed")[-1] | {"account": "acct_other"}

    post_event(event, Client())
    run_tasks()

    order.refresh_from_db()
    assert ProviderEvent.objects.get().state == ProviderEvent.State.QUARANTINED
    assert order.status == Order.Status.PLACED


# --- Never heard of ----------------------------------------------------------------------------


def test_lost_deliveries_are_found_in_the_providers_list(sandbox, shopper, run_tasks):
    sandbox.control("mode", mode="drop")
    order = place(shopper)
    sandbox.pay(order.attempts.get().reference)

    tasks.catch_up()
    run_tasks()
    again = catching_up.catch_up("stripe", at=timezone.now())

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert again == 0
    stored = ProviderEvent.objects.get(kind="checkout.session.completed")
    assert (stored.by_webhook, stored.state) == (False, ProviderEvent.State.HANDLED)
    assert not ProviderEvent.objects.filter(kind__startswith="charge.succeeded").exists()


def test_a_dispute_and_a_refund_nobody_told_us_of_are_found(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper)
    other = buy(sandbox, Shopper())
    sandbox.control(f"refund/{order.attempts.get().payment_reference}", amount=500)
    sandbox.control(f"dispute/{other.attempts.get().payment_reference}")

    tasks.catch_up()
    run_tasks()

    assert Refund.objects.get().order == order
    assert Dispute.objects.get().order == other


def test_an_endpoint_that_is_never_called_is_noticed(sandbox, shopper, time_machine_at):
    assert inbox.silence(timezone.now()) is None
    buy(sandbox, shopper)

    assert inbox.silence(timezone.now()) is None
    with time_machine_at(hours=2):
        assert inbox.silence(timezone.now()) > timedelta(minutes=119)
        sandbox.deliver("checkout.session.completed")
        assert inbox.silence(timezone.now()) is None


def test_what_we_found_ourselves_is_no_call_of_the_providers(sandbox, shopper, time_machine_at):
    buy(sandbox, shopper)
    tasks.catch_up()

    with time_machine_at(hours=2):
        assert inbox.silence(timezone.now()) is not None


def test_staff_have_an_event_followed_up_again(sandbox, shopper, run_tasks, admin_user):
    order = place(shopper)
    sandbox.pay(order.attempts.get().reference)
    sandbox.deliver("checkout.session.completed")
    ProviderEvent.objects.update(state=ProviderEvent.State.FAILED, attempts=8, due_at=None)

    event = ProviderEvent.objects.get()
    inbox.replay(event, by=admin_user, at=timezone.now())
    run_tasks()

    order.refresh_from_db()
    event.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert (event.state, event.replayed_by) == (ProviderEvent.State.HANDLED, admin_user)
    with pytest.raises(inbox.NothingToReplay):
        inbox.replay(event, by=admin_user, at=timezone.now())


def test_after_ninety_days_the_buyer_is_forgotten_and_the_payment_is_not(
    sandbox, shopper, run_tasks, time_machine_at
):
    order = buy(sandbox, shopper)
    sandbox.deliver("checkout.session.completed")
    run_tasks()

    with time_machine_at(days=89):
        tasks.scrub_events()
    assert "ada@example.com" in str(ProviderEvent.objects.get().payload)
    with time_machine_at(days=91):
        tasks.scrub_events()

    event = ProviderEvent.objects.get()
    text = str(event.payload)
    assert event.scrubbed_at
    for gone in ("ada@example.com", "Ada Lovelace", "customer_details"):
        assert gone not in text
    session = event.payload["data"]["object"]
    assert (session["amount_total"], session["currency"]) == (1740, "eur")
    assert (session["payment_status"], session["status"]) == ("paid", "complete")
    assert session["metadata"] == {
        "order": order.number,
        "attempt": str(order.attempts.get().key),
    }


def test_nothing_unknown_survives_scrubbing():
    payload = {"id": "evt_1", "data": {"object": {"id": "x", "email": "a@b", "amount": [1]}}}

    assert scrubbing.scrubbed(payload) == {"id": "evt_1", "data": {"object": {"id": "x"}}}


# --- Both books --------------------------------------------------------------------------------


def test_books_that_agree_have_no_findings(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper)
    order_refund(order, amount=Decimal(5), reason="", by=None, at=timezone.now())
    run_tasks()

    tasks.reconcile()

    assert open_findings() == []
    assert Audit.objects.get().finished_at


def test_what_our_books_forgot_is_healed(sandbox, shopper, run_tasks):
    paid, refunded, disputed = place(shopper), buy(sandbox, Shopper()), buy(sandbox, Shopper())
    sandbox.pay(paid.attempts.get().reference)
    order_refund(refunded, amount=Decimal(5), reason="", by=None, at=timezone.now())
    run_tasks()
    sandbox.control(f"dispute/{disputed.attempts.get().payment_reference}")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE checkout_paymentattempt SET check_at = NULL")
        cursor.execute("UPDATE checkout_refund SET reference = NULL, state = 'owed'")

    tasks.reconcile()

    paid.refresh_from_db()
    assert paid.status == Order.Status.PAID
    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    assert Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE).count() == 1
    assert Dispute.objects.get().order == disputed
    assert open_findings() == []


def test_what_cannot_be_healed_is_found_both_ways_and_gone_when_it_is_right(
    sandbox, shopper, run_tasks
):
    """An amount tampered with there, a payment unknown there, one unknown here."""
    tampered, vanished, unknown = (buy(sandbox, one) for one in (shopper, Shopper(), Shopper()))
    moved = vanished.attempts.get()
    sandbox.control(f"amount/{tampered.attempts.get().reference}", amount_total=1)
    lost = unknown.attempts.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE checkout_paymentattempt SET reference = 'cs_nowhere' WHERE id = %s", [moved.pk]
        )
        cursor.execute(
            "UPDATE checkout_paymentattempt SET key = %s, reference = 'cs_gone' WHERE id = %s",
            ["0" * 32, lost.pk],
        )

    tasks.reconcile()

    found = open_findings()
    assert ("payments agree in amount and currency", tampered.attempts.get().reference) in found
    assert ("every payment booked here is at the provider", "cs_nowhere") in found
    assert ("every payment booked here is at the provider", "cs_gone") in found
    assert ("every payment at the provider is booked here", lost.reference) in found
    assert Audit.objects.get().found == len(found) == 4

    sandbox.control(f"amount/{tampered.attempts.get().reference}", amount_total=1740)
    tasks.reconcile()
    assert len(open_findings()) == 3
    assert Finding.objects.exclude(resolved_at=None).get().invariant.startswith("payments agree")


def test_a_finding_that_stays_keeps_its_day(time_machine_at):
    breach = Breach("all is well", "order X", "it is not")
    findings.record(Audit.Kind.SHOP_CHECK, [breach], at=timezone.now())
    found_at = Finding.objects.get().found_at

    with time_machine_at(days=1):
        findings.record(Audit.Kind.SHOP_CHECK, [breach, breach], at=timezone.now())
        findings.record(Audit.Kind.RECONCILIATION, [], at=timezone.now())

    finding = Finding.objects.get()
    assert (finding.found_at, finding.resolved_at) == (found_at, None)
    assert finding.seen_at > found_at


def test_a_comparison_that_is_cut_short_is_seen_to_have_failed(sandbox, shopper):
    breach = Breach("all is well", "order X", "it is not")
    findings.record(Audit.Kind.RECONCILIATION, [breach], at=timezone.now())
    sandbox.fail("refunds.list", kind="reset", when="before", times=5)

    tasks.reconcile()

    assert Audit.objects.first().finished_at is None
    assert len(open_findings()) == 1  # nothing is resolved by not looking


def test_more_than_is_left_after_a_partial_refund_and_a_dispute_is_refused(
    sandbox, shopper, run_tasks
):
    order = buy(sandbox, shopper)
    order_refund(order, amount=Decimal("7.40"), reason="", by=None, at=timezone.now())
    run_tasks()

    with pytest.raises(TooMuch):
        order_refund(order, amount=Decimal("10.01"), reason="", by=None, at=timezone.now())
