"""Events reach the shop signed, until they are taken, and misbehave on order."""

import time

import pytest
import stripe

from sandbox.tests.driving import SECRET, eventually, order


def pay(client, sandbox):
    """Four events, the last of them `checkout.session.completed`."""
    session = client.v1.checkout.sessions.create(order())
    sandbox.post(f"pay/{session.id}")
    return session.id


EVENTS = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


def test_events_arrive_in_order_and_verify_with_the_library(client, sandbox, shop):
    key = pay(client, sandbox)

    eventually(lambda: len(shop.received) == 4)
    assert shop.types() == EVENTS
    last = shop.received[-1]
    event = stripe.Webhook.construct_event(last.body, last.signature, SECRET)
    assert event.data.object.id == key
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(last.body + b" ", last.signature, SECRET)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(last.body, last.signature, "whsec_other")


def test_a_refused_event_is_sent_again_with_the_same_bytes(client, sandbox, shop):
    shop.statuses = [500]
    session = client.v1.checkout.sessions.create(order())

    client.v1.checkout.sessions.expire(session.id)

    eventually(lambda: len(shop.received) == 2)
    first, second = shop.received
    assert first.body == second.body
    assert first.signature != second.signature  # a second later, so signed anew
    log = eventually(lambda: len(sandbox.get("deliveries")["deliveries"]) == 2
                     and sandbox.get("deliveries")["deliveries"])  # fmt: skip
    assert [one["status"] for one in log] == [500, 200]
    eventually(lambda: client.v1.events.list().data[0].pending_webhooks == 0)


def test_dropped_events_never_come(client, sandbox, shop):
    sandbox.post("mode", mode="drop")
    pay(client, sandbox)
    sandbox.post("mode", mode="deliver")
    session = client.v1.checkout.sessions.create(order())
    client.v1.checkout.sessions.expire(session.id)

    eventually(lambda: shop.received)
    assert shop.types() == ["checkout.session.expired"]
    eventually(lambda: len(client.v1.events.list({"delivery_success": False}).data) == 4)


def test_held_events_come_when_they_are_released(client, sandbox, shop):
    sandbox.post("mode", mode="hold")
    pay(client, sandbox)
    assert shop.received == []

    assert sandbox.post("release")["released"] == 4

    eventually(lambda: shop.types() == EVENTS)


def test_duplicates_come_twice(client, sandbox, shop):
    sandbox.post("mode", mode="duplicate")
    pay(client, sandbox)

    eventually(lambda: len(shop.received) == 8)
    assert sorted(shop.types()) == sorted(EVENTS * 2)


def test_reordered_events_come_backwards(client, sandbox, shop):
    sandbox.post("mode", mode="reorder")
    pay(client, sandbox)

    eventually(lambda: len(shop.received) == 4)
    assert shop.types() == EVENTS[::-1]


def test_delayed_events_wait(client, sandbox, shop):
    sandbox.post("mode", mode="deliver", delay_ms=600)
    before = time.time()
    pay(client, sandbox)

    eventually(lambda: len(shop.received) == 4)
    assert min(one["at"] for one in sandbox.get("deliveries")["deliveries"]) >= before + 0.6


def test_one_event_twenty_times_at_once(client, sandbox, shop):
    sandbox.post("mode", mode="drop")
    pay(client, sandbox)
    event = client.v1.events.list({"type": "checkout.session.completed"}).data[0]

    statuses = sandbox.post(f"deliver/{event.id}", times=20, parallel=1)["statuses"]

    assert statuses == [200] * 20
    assert len({one.body for one in shop.received}) == 1


def test_an_unreachable_shop_is_in_the_log(client, sandbox, shop):
    sandbox.post("webhook", url="http://127.0.0.1:9/", secret=SECRET)
    pay(client, sandbox)

    log = eventually(lambda: sandbox.get("deliveries")["deliveries"])
    assert log[0]["status"] == 0
    assert log[0]["error"]


def test_an_endpoint_gets_what_it_asked_for_under_its_own_secret(client, sandbox, shop):
    sandbox.post("webhook", url="")
    endpoint = client.v1.webhook_endpoints.create(
        {"url": shop.url, "enabled_events": ["checkout.session.completed"]}
    )
    pay(client, sandbox)

    [one] = eventually(lambda: shop.received)
    assert stripe.Webhook.construct_event(one.body, one.signature, endpoint.secret)
    assert one.event["type"] == "checkout.session.completed"
    assert "secret" not in client.v1.webhook_endpoints.retrieve(endpoint.id)
    assert client.v1.webhook_endpoints.delete(endpoint.id).deleted


def test_events_are_listed_by_type_and_time(client, sandbox):
    pay(client, sandbox)
    created = client.v1.events.list().data[0].created

    def types(**params):
        return [one.type for one in client.v1.events.list(params).data]

    assert types(types=["charge.succeeded", "refund.created"]) == ["charge.succeeded"]
    assert types(type="payment_intent.*") == [EVENTS[2], EVENTS[0]]
    assert types(created={"gte": created + 100}) == []
    assert len(types(created={"gte": created - 100})) == 4


def test_an_event_names_the_call_that_caused_it(client, sandbox):
    session = client.v1.checkout.sessions.create(order())

    client.v1.checkout.sessions.expire(session.id, options={"idempotency_key": "end-1"})

    event = client.v1.events.list().data[0]
    assert event.request.idempotency_key == "end-1"
    assert event.request.id.startswith("req_")
    assert event.api_version == "2026-10-28.endive"
