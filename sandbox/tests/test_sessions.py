"""Sessions: made from inline prices, listed, expanded, expired."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from sandbox.tests.driving import Sandbox, eventually, order


def test_a_session_costs_its_lines_less_the_coupon_plus_shipping(client):
    coupon = client.v1.coupons.create({"amount_off": 100, "currency": "eur"})

    session = client.v1.checkout.sessions.create(
        order(discounts=[{"coupon": coupon.id}], expand=["line_items"])
    )

    assert session.amount_subtotal == 3998
    assert session.amount_total == 4388
    assert session.total_details.amount_discount == 100
    assert session.line_items.data[0].amount_total == 3898
    assert (session.status, session.payment_status) == ("open", "unpaid")


def test_a_percentage_is_spread_over_the_lines_to_the_cent(client):
    coupon = client.v1.coupons.create({"percent_off": 33.3})
    lines = [
        {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": amount,
                                       "product_data": {"name": "Tea"}}}
        for amount in (333, 333, 334)
    ]  # fmt: skip

    session = client.v1.checkout.sessions.create(
        order(line_items=lines, discounts=[{"coupon": coupon.id}], expand=["line_items"])
    )

    assert session.total_details.amount_discount == 333
    assert sum(line.amount_discount for line in session.line_items.data) == 333


def test_nothing_is_paid_before_the_buyer_starts(client):
    session = client.v1.checkout.sessions.create(order())

    assert session.payment_intent is None
    assert session.url.endswith(f"/pay/{session.id}")


def test_an_expired_session_says_so_and_tells_the_shop(client, sandbox):
    session = client.v1.checkout.sessions.create(order())

    expired = client.v1.checkout.sessions.expire(session.id)

    assert (expired.status, expired.url) == ("expired", None)
    assert sandbox.event_types() == ["checkout.session.expired"]


def test_a_session_whose_time_is_over_has_expired_whoever_looks_first(client, sandbox):
    seen = client.v1.checkout.sessions.create(order())
    unseen = client.v1.checkout.sessions.create(order())
    for session in (seen, unseen):
        sandbox.post(f"expire/{session.id}", by="clock")

    assert client.v1.checkout.sessions.retrieve(seen.id).status == "expired"
    eventually(lambda: sandbox.event_types() == ["checkout.session.expired"] * 2)
    assert sandbox.raw("POST", f"/_control/pay/{seen.id}").status_code == 409


def test_expiring_cancels_a_payment_that_was_begun(client, sandbox):
    session = client.v1.checkout.sessions.create(order())
    sandbox.post(f"pay/{session.id}", card="4000000000000002")

    client.v1.checkout.sessions.expire(session.id)

    assert client.v1.payment_intents.list().data[0].status == "canceled"


def test_a_complete_session_cannot_be_expired(client, sandbox):
    session = client.v1.checkout.sessions.create(order())
    sandbox.post(f"pay/{session.id}")

    with pytest.raises(stripe.InvalidRequestError, match="status of `complete`"):
        client.v1.checkout.sessions.expire(session.id)

    assert client.v1.checkout.sessions.retrieve(session.id).status == "complete"


def test_expiring_and_paying_at_once_gives_exactly_one_of_them(client, sandbox):
    for _ in range(5):
        session = client.v1.checkout.sessions.create(order())

        with ThreadPoolExecutor(2) as pool:
            paying = pool.submit(_pay, sandbox, session.id)
            expiring = pool.submit(_expire, client, session.id)

        assert paying.result() != expiring.result()


def _pay(sandbox: Sandbox, key: str) -> bool:
    return sandbox.raw("POST", f"/_control/pay/{key}").status_code == 200


def _expire(client: stripe.StripeClient, key: str) -> bool:
    try:
        client.v1.checkout.sessions.expire(key)
    except stripe.InvalidRequestError:
        return False
    return True


def test_lists_go_newest_first_and_page_by_page_without_gap_or_repeat(client):
    made = [client.v1.checkout.sessions.create(order()).id for _ in range(5)]

    first = client.v1.checkout.sessions.list({"limit": 2})
    every = [one.id for one in client.v1.checkout.sessions.list({"limit": 2}).auto_paging_iter()]
    before = client.v1.checkout.sessions.list({"limit": 2, "ending_before": made[1]})

    assert first.has_more
    assert every == made[::-1]
    assert [one.id for one in before.data] == [made[3], made[2]]


def test_lists_filter_by_status_and_payment_intent(client, sandbox):
    paid = client.v1.checkout.sessions.create(order())
    client.v1.checkout.sessions.create(order())
    sandbox.post(f"pay/{paid.id}")
    intent = client.v1.checkout.sessions.retrieve(paid.id).payment_intent

    by_status = client.v1.checkout.sessions.list({"status": "complete"})
    by_intent = client.v1.checkout.sessions.list({"payment_intent": intent})

    assert [one.id for one in by_status.data] == [paid.id]
    assert [one.id for one in by_intent.data] == [paid.id]


def test_expanding_reaches_the_charge_also_inside_lists(client, sandbox):
    session = client.v1.checkout.sessions.create(order())
    sandbox.post(f"pay/{session.id}")

    one = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge", "line_items"]}
    )
    many = client.v1.checkout.sessions.list({"expand": ["data.payment_intent"]})

    assert one.payment_intent.latest_charge.amount == 4488
    assert one.line_items.data[0].quantity == 2
    assert many.data[0].payment_intent.status == "succeeded"


def test_expanding_what_cannot_be_expanded_is_refused(client):
    session = client.v1.checkout.sessions.create(order())

    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        client.v1.checkout.sessions.retrieve(session.id, {"expand": ["amount_total"]})


def test_line_items_come_in_the_order_of_the_cart(client):
    lines = [
        {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": 100,
                                       "product_data": {"name": name}}}
        for name in ("Tea", "Mug", "Tin")
    ]  # fmt: skip
    session = client.v1.checkout.sessions.create(order(line_items=lines))

    first = client.v1.checkout.sessions.line_items.list(session.id, {"limit": 2})
    names = [one.description for one in first.auto_paging_iter()]

    assert first.has_more
    assert names == ["Tea", "Mug", "Tin"]


def test_a_tampered_total_is_what_the_api_answers(client, sandbox):
    session = client.v1.checkout.sessions.create(order())

    sandbox.post(f"amount/{session.id}", amount_total=1)

    assert client.v1.checkout.sessions.retrieve(session.id).amount_total == 1


def test_metadata_is_updated_key_by_key(client):
    session = client.v1.checkout.sessions.create(order())

    changed = client.v1.checkout.sessions.update(
        session.id, {"metadata": {"order": "", "attempt": "2"}}
    )

    assert changed.metadata.to_dict() == {"attempt": "2"}


def test_the_time_of_expiry_is_kept(client):
    at = int(time.time()) + 3600

    assert client.v1.checkout.sessions.create(order(expires_at=at)).expires_at == at


def test_coupons_are_used_up_and_deleted(client, sandbox):
    coupon = client.v1.coupons.create(
        {"id": "ATTEMPT-1", "amount_off": 100, "currency": "eur", "max_redemptions": 1}
    )
    session = client.v1.checkout.sessions.create(order(discounts=[{"coupon": coupon.id}]))
    sandbox.post(f"pay/{session.id}")

    assert not client.v1.coupons.retrieve("ATTEMPT-1").valid
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(order(discounts=[{"coupon": coupon.id}]))
    assert client.v1.coupons.delete("ATTEMPT-1").deleted
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.coupons.retrieve("ATTEMPT-1")
    assert missing.value.http_status == 404
