"""Refunds and disputes."""

from typing import Any

import pytest
import stripe

from sandbox.tests.driving import Sandbox, eventually, order


def paid(client: stripe.StripeClient, sandbox: Sandbox, **how: str) -> Any:
    """The payment intent of a paid session over 44.88 EUR."""
    session = client.v1.checkout.sessions.create(order())
    sandbox.post(f"pay/{session.id}", **how)
    return client.v1.checkout.sessions.retrieve(session.id).payment_intent


def test_a_payment_is_refunded_in_parts_and_never_beyond(client, sandbox):
    intent = paid(client, sandbox)

    first = client.v1.refunds.create({"payment_intent": intent, "amount": 488})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.v1.refunds.create({"payment_intent": intent, "amount": 4001})
    rest = client.v1.refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent})

    assert (first.status, rest.amount) == ("succeeded", 4000)
    assert refusal.value.code == "charge_already_refunded"
    charge = client.v1.charges.list({"payment_intent": intent}).data[0]
    assert (charge.refunded, charge.amount_refunded) == (True, 4488)
    listed = client.v1.refunds.list({"payment_intent": intent}).data
    assert {one.id for one in listed} == {first.id, rest.id}


def test_what_was_not_paid_cannot_be_refunded(client, sandbox):
    intent = paid(client, sandbox, method="bank_debit")

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent})


def test_a_refund_of_the_failing_card_fails_later(client, sandbox):
    intent = paid(client, sandbox, card="4000000000005126")
    refund = client.v1.refunds.create({"payment_intent": intent})
    assert refund.status == "succeeded"

    sandbox.post("settle")

    failed = client.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert sandbox.event_types()[-2:] == ["refund.failed", "refund.updated"]
    assert client.v1.charges.list({"payment_intent": intent}).data[0].amount_refunded == 0


def test_a_waiting_refund_succeeds_by_itself(client, sandbox):
    intent = paid(client, sandbox, card="4000000000007726")
    refund = client.v1.refunds.create({"payment_intent": intent})
    assert refund.status == "pending"

    eventually(lambda: client.v1.refunds.retrieve(refund.id).status == "succeeded")


def test_a_refund_from_the_dashboard_appears_in_the_list(client, sandbox):
    intent = paid(client, sandbox)

    made = sandbox.post(f"refund/{intent}", amount=100)["refund"]

    assert [one.id for one in client.v1.refunds.list().data] == [made["id"]]
    assert "charge.refunded" in sandbox.event_types()


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_dispute_is_decided_once(client, sandbox, outcome):
    dispute = sandbox.post(f"dispute/{paid(client, sandbox)}")["dispute"]

    sandbox.post(f"dispute/{dispute['id']}/close", outcome=outcome)

    assert client.v1.disputes.retrieve(dispute["id"]).status == outcome
    assert ("charge.dispute.funds_reinstated" in sandbox.event_types()) == (outcome == "won")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.disputes.close(dispute["id"])


def test_a_disputed_payment_cannot_be_refunded(client, sandbox):
    intent = paid(client, sandbox)
    sandbox.post(f"dispute/{intent}")

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent})

    assert refusal.value.code == "charge_disputed"


def test_evidence_puts_a_dispute_under_review(client, sandbox):
    dispute = sandbox.post(f"dispute/{paid(client, sandbox)}")["dispute"]

    changed = client.v1.disputes.update(
        dispute["id"], {"evidence": {"uncategorized_text": "It was delivered."}}
    )

    assert changed.status == "under_review"
    assert changed.evidence.uncategorized_text == "It was delivered."
