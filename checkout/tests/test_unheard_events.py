"""Events that no webhook told of, that fell silent, were replayed, or grew old."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checkout import tasks
from checkout.models import Dispute, Order, ProviderEvent, Refund
from checkout.payments import catching_up, inbox, scrubbing
from checkout.tests.buying import Shopper, buy_tea, order_tea

pytestmark = pytest.mark.django_db


def test_lost_deliveries_are_found_in_the_providers_list(sandbox, shopper, run_tasks):
    sandbox.control("mode", mode="drop")
    order = order_tea(shopper)
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
    order = buy_tea(sandbox, shopper)
    other = buy_tea(sandbox, Shopper())
    sandbox.control(f"refund/{order.attempts.get().payment_reference}", amount=500)
    sandbox.control(f"dispute/{other.attempts.get().payment_reference}")

    tasks.catch_up()
    run_tasks()

    assert Refund.objects.get().order == order
    assert Dispute.objects.get().order == other


def test_an_endpoint_that_is_never_called_is_noticed(sandbox, shopper, time_machine_at):
    assert inbox.silence(timezone.now()) is None
    buy_tea(sandbox, shopper)

    assert inbox.silence(timezone.now()) is None
    with time_machine_at(hours=2):
        assert inbox.silence(timezone.now()) > timedelta(minutes=119)
        sandbox.deliver("checkout.session.completed")
        assert inbox.silence(timezone.now()) is None


def test_what_we_found_ourselves_is_no_call_of_the_providers(sandbox, shopper, time_machine_at):
    buy_tea(sandbox, shopper)
    tasks.catch_up()

    with time_machine_at(hours=2):
        assert inbox.silence(timezone.now()) is not None


def test_staff_have_an_event_followed_up_again(sandbox, shopper, run_tasks, admin_user):
    order = order_tea(shopper)
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
    order = buy_tea(sandbox, shopper)
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


def test_of_metadata_only_our_own_names_are_kept():
    metadata = {"order": "7K3Q-9XMF", "note": "for Ada Lovelace", "email": "ada@example.com"}

    kept = scrubbing.scrubbed({"data": {"object": {"id": "pi_1", "metadata": metadata}}})

    assert kept["data"]["object"]["metadata"] == {"order": "7K3Q-9XMF"}


def test_an_event_that_nobody_has_followed_up_yet_keeps_its_words(
    sandbox, shopper, time_machine_at
):
    buy_tea(sandbox, shopper)
    sandbox.deliver("checkout.session.completed")

    with time_machine_at(days=91):
        tasks.scrub_events()

    event = ProviderEvent.objects.get(state=ProviderEvent.State.RECEIVED)
    assert event.scrubbed_at is None
    assert "ada@example.com" in str(event.payload)


def test_nothing_unknown_survives_scrubbing():
    payload = {"id": "evt_1", "data": {"object": {"id": "x", "email": "a@b", "amount": [1]}}}

    assert scrubbing.scrubbed(payload) == {"id": "evt_1", "data": {"object": {"id": "x"}}}
