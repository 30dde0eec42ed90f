"""Failures on order, before and after the work."""

import pytest
import requests
import stripe

from sandbox.tests.driving import order


@pytest.mark.parametrize(("when", "made"), [("before", 0), ("after", 1)])
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("500", stripe.APIError),
        ("429", stripe.RateLimitError),
        ("timeout", stripe.APIConnectionError),
        ("reset", stripe.APIConnectionError),
    ],
)
def test_a_call_fails_before_or_after_the_work(client, sandbox, kind, error, when, made):
    sandbox.post("faults", operation="checkout.sessions.create", kind=kind, when=when, seconds=0.1)

    with pytest.raises(error):
        client.v1.checkout.sessions.create(order())

    assert len(client.v1.checkout.sessions.list().data) == made


def test_the_library_repeats_a_lost_answer_and_finds_the_same_session(sandbox):
    sandbox.post("faults", operation="checkout.sessions.create", kind="reset", when="after")

    session = sandbox.client(retries=1).v1.checkout.sessions.create(order())

    assert [one.id for one in sandbox.client().v1.checkout.sessions.list().data] == [session.id]


def test_a_fault_strikes_only_its_operation_and_only_so_often(client, sandbox):
    sandbox.post("faults", operation="refunds.create", kind="500", times=2)

    client.v1.checkout.sessions.create(order())
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.v1.refunds.create({"payment_intent": "pi_1"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": "pi_1"})


def test_a_star_strikes_anything_and_delete_clears(client, sandbox):
    sandbox.post("faults", operation="*", kind="500", times=5)
    with pytest.raises(stripe.APIError):
        client.v1.events.list()

    assert requests.delete(f"{sandbox.url}/_control/faults", timeout=10).status_code == 200

    assert client.v1.events.list().data == []


def test_a_broken_answer_is_logged_without_a_status(client, sandbox):
    sandbox.post("faults", operation="events.list", kind="reset")
    with pytest.raises(stripe.APIConnectionError):
        client.v1.events.list()

    [call] = sandbox.get("requests")["requests"]

    assert (call["status"], call["fault"]) == (None, "reset")
