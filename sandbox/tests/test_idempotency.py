"""One key, one answer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from sandbox.tests.driving import order

KEY = {"idempotency_key": "order-1-attempt-1"}


def test_the_same_call_again_gets_the_same_session(client, sandbox):
    first = client.v1.checkout.sessions.create(order(), options=KEY)
    again = client.v1.checkout.sessions.create(order(), options=KEY)

    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_another_call_with_the_same_key_is_refused(client):
    client.v1.checkout.sessions.create(order(), options=KEY)

    with pytest.raises(stripe.IdempotencyError) as refusal:
        client.v1.checkout.sessions.create(order(client_reference_id="other"), options=KEY)

    assert refusal.value.http_status == 400
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_the_same_call_while_the_first_is_running_is_a_conflict(client, sandbox):
    # Long enough that the second call arrives meanwhile, even on a machine that is busy.
    sandbox.post("faults", operation="checkout.sessions.create", kind="slow", seconds=5)

    def create() -> int:
        try:
            client.v1.checkout.sessions.create(order(), options=KEY)
        except stripe.StripeError as refusal:
            return refusal.http_status or 0
        return 200

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(lambda _: create(), range(2)))

    assert outcomes == [200, 409]


def test_a_refused_call_does_not_use_up_its_key(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(order(mode="nonsense"), options=KEY)

    assert client.v1.checkout.sessions.create(order(), options=KEY).status == "open"


def test_a_stored_failure_is_replayed(client, sandbox):
    sandbox.post("faults", operation="checkout.sessions.create", kind="500", when="after")

    for _ in range(2):
        with pytest.raises(stripe.APIError) as failure:
            client.v1.checkout.sessions.create(order(), options=KEY)
        assert failure.value.http_status == 500

    assert (failure.value.headers or {})["Idempotent-Replayed"] == "true"
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_many_equal_refunds_at_once_give_back_once(client, sandbox):
    session = client.v1.checkout.sessions.create(order())
    sandbox.post(f"pay/{session.id}")
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent

    def refund() -> int:
        try:
            client.v1.refunds.create(
                {"payment_intent": intent, "amount": 100},
                options={"idempotency_key": "refund-1"},
            )
        except stripe.StripeError as refusal:
            return refusal.http_status or 0
        return 200

    with ThreadPoolExecutor(8) as pool:
        outcomes = set(pool.map(lambda _: refund(), range(8)))

    assert 200 in outcomes <= {200, 409}
    assert len(client.v1.refunds.list().data) == 1
