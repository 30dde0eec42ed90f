"""The webhook's door: what is let in, and that it is let in once."""

import json
import time
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from checkout import tasks
from checkout.models import Order, ProviderEvent
from checkout.payments import inbox, paying
from checkout.tests.buying import Shopper, open_shop
from invoices.models import Invoice
from mailing.models import Message
from products.models import StockItem
from products.tests.factories import make_variant
from tests.fixtures.plans import plan_of
from tests.fixtures.sandbox import SECRET, post_event, signature

WEBHOOK = "/payments/stripe/"
EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "checkout.session.completed",
    "created": 1_800_000_000,
    "livemode": False,
    "data": {"object": {"object": "checkout.session", "id": "cs_test_1", "metadata": {}}},
}


def body(**changes: Any) -> bytes:
    return json.dumps({**EVENT, **changes}).encode()


def post(client: Client, content: bytes, header: str) -> Any:
    return client.post(
        WEBHOOK, content, content_type="application/json", headers={"Stripe-Signature": header}
    )


@pytest.mark.django_db
def test_a_signed_event_is_written_down_and_answered(client):
    assert post(client, body(), signature(body(), SECRET, time.time())).status_code == 200

    event = ProviderEvent.objects.get()
    assert (event.event_id, event.reference) == ("evt_1", "cs_test_1")
    assert event.payload == EVENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "header"),
    [
        (body(), lambda now: ""),
        (body(), lambda now: "t=1,v1=00"),
        (body(), lambda now: "garbage"),
        (body(), lambda now: signature(body(), "whsec_wrong", now)),
        (body(), lambda now: signature(body(), "", now)),
        (body(id="evt_2"), lambda now: signature(body(), SECRET, now)),
        (body(), lambda now: signature(body(), SECRET, now - 301)),
        (body(), lambda now: signature(body(), SECRET, now + 400)),
    ],
    ids=["unsigned", "made up", "garbage", "wrong key", "empty key", "other body", "old", "future"],
)
def test_what_stripe_did_not_sign_just_now_is_refused(client, content, header):
    assert post(client, content, header(time.time())).status_code == 400
    assert not ProviderEvent.objects.exists()


@pytest.mark.django_db
def test_staff_can_see_in_the_log_that_notifications_are_refused(client, caplog):
    post(client, body(), signature(body(), SECRET, time.time() - 400))

    assert "a notification from stripe was refused" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [b"[]", b"{}", b"null", b"7", b'"text"', b"\xff\xfe", b"", b'{"id": "evt_1"}',
     body(data={}), body(data={"object": None}), body(created="soon"), body(created=10**30)],
)  # fmt: skip
def test_signed_rubbish_is_refused(client, content):
    assert post(client, content, signature(content, SECRET, time.time())).status_code == 400
    assert not ProviderEvent.objects.exists()


@pytest.mark.django_db
def test_without_a_secret_nothing_is_believed(client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = [""]

    assert post(client, body(), signature(body(), "", time.time())).status_code == 400
    assert not ProviderEvent.objects.exists()


@pytest.mark.django_db
def test_both_secrets_hold_while_they_are_rotated(client, settings):
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]

    for number, secret in enumerate(settings.STRIPE_WEBHOOK_SECRETS):
        content = body(id=f"evt_{number}")
        assert post(client, content, signature(content, secret, time.time())).status_code == 200

    assert ProviderEvent.objects.count() == 2


@pytest.mark.django_db
def test_ten_megabytes_are_refused_unread(client):
    content = body(padding="x" * 10_000_000)

    assert post(client, content, signature(content, SECRET, time.time())).status_code == 400


@pytest.mark.django_db
def test_a_nul_byte_in_an_event_is_no_error(client):
    content = body(data={"object": {**EVENT["data"]["object"], "metadata": {"attempt": "\0"}}})

    assert post(client, content, signature(content, SECRET, time.time())).status_code in (200, 400)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/payments/paypal/", "/payments/nope/"])
def test_unknown_gateways_are_not_there(client, path):
    assert client.post(path).status_code == 404


@pytest.mark.django_db
def test_the_door_opens_to_posts_only(client):
    assert client.get(WEBHOOK).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"livemode": True}, ProviderEvent.State.QUARANTINED),
        ({"type": "customer.created"}, ProviderEvent.State.IGNORED),
        ({}, ProviderEvent.State.UNMATCHED),
    ],
    ids=["live event in test mode", "not for us", "nobody's payment"],
)
def test_what_is_not_ours_is_kept_and_moves_nothing(client, run_tasks, changes, state):
    post_event({**EVENT, **changes}, client)
    run_tasks()

    assert ProviderEvent.objects.get().state == state


@pytest.mark.django_db
def test_an_event_waits_while_the_provider_is_silent_and_is_handled_later(
    sandbox, client, run_tasks, time_machine_at
):
    open_shop()
    make_variant("TEA-100")
    shopper = Shopper()
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(order.attempts.get().reference)
    sandbox.fail("checkout.sessions.retrieve", kind="500", when="before", times=2)

    sandbox.deliver("checkout.session.completed")
    run_tasks()
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    with time_machine_at(minutes=10):
        tasks.sweep_events()
        run_tasks()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID


@pytest.mark.django_db(transaction=True)
def test_an_event_delivered_twenty_times_at_once_has_one_effect(sandbox, run_tasks):
    open_shop()
    make_variant("TEA-100", stock=10)
    shopper = Shopper()
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(order.attempts.get().reference)
    event = sandbox.events("checkout.session.completed")[-1]
    answers: list[int] = []

    def deliver() -> None:
        answers.append(post_event(event, Client()).status_code)
        stored = ProviderEvent.objects.get(event_id=event["id"])
        inbox.handle(stored.pk, at=stored.received_at)

    _at_once(deliver, 20)
    run_tasks()

    order.refresh_from_db()
    assert answers == [200] * 20
    asked = [call for call in sandbox.requests() if call["method"] == "GET"]
    assert len(asked) == 1  # one of the twenty went on to ask the provider
    assert ProviderEvent.objects.filter(event_id=event["id"]).count() == 1
    assert order.status == Order.Status.PAID
    assert order.events.filter(kind="paid").count() == 1
    assert Invoice.objects.count() == 1
    assert Message.objects.filter(kind="payment_received").count() == 1
    assert StockItem.objects.values_list("on_hand", "reserved").get() == (9, 0)


@pytest.mark.django_db(transaction=True)
def test_settled_from_every_side_at_once_is_booked_once(sandbox):
    open_shop()
    make_variant("TEA-100", stock=10)
    shopper = Shopper()
    shopper.add("TEA-100")
    order = shopper.place()
    attempt = order.attempts.get()
    sandbox.pay(attempt.reference)

    _at_once(lambda: paying.settle(attempt, at=order.placed_at), 12)

    assert order.events.filter(kind="paid").count() == 1
    assert Invoice.objects.count() == 1
    assert StockItem.objects.values_list("on_hand", "reserved").get() == (9, 0)


@pytest.mark.django_db
def test_what_was_told_of_a_payment_is_found_without_reading_every_event():
    told = ProviderEvent.objects.filter(gateway="stripe", payment_reference="pi_1")

    assert "events_of_a_payment" in plan_of(told)


def test_the_webhook_has_the_address_the_readme_names():
    assert reverse("payments:provider-event", args=["stripe"]) == WEBHOOK


def _at_once(work: Any, count: int) -> None:
    together = Barrier(count)
    errors: list[Exception] = []

    def run() -> None:
        together.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
