"""The hosted page: what each test card does, and what two clicks do."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import stripe

from sandbox.tests.driving import order

TYPED = {
    "card_number": "4242 4242 4242 4242",
    "expiry": "12 / 34",
    "cvc": "123",
    "name": "Ada Lovelace",
    "email": "ada@example.com",
}


def submit(url: str, **values: str) -> requests.Response:
    """Send the form, following nothing."""
    return requests.post(url, data=TYPED | values, allow_redirects=False, timeout=10)


@pytest.fixture
def session(client: stripe.StripeClient) -> Any:
    """An open session over 44.88 EUR."""
    return client.v1.checkout.sessions.create(order())


@pytest.fixture
def retrieve(client: stripe.StripeClient, session: Any) -> Any:
    """The session as it is now, with its payment."""
    return lambda: client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )


def test_the_page_shows_what_is_bought_and_that_no_money_moves(session):
    page = requests.get(session.url, timeout=10)

    assert page.status_code == 200
    for text in ("Sandbox", "Assam tea", "€39.98", "€4.90", "€44.88", "4000 0000 0000 0002"):
        assert text in page.text
    assert "<script" not in page.text
    assert 'href="http://shop.test/cart"' in page.text


@pytest.mark.parametrize(
    ("currency", "unit_amount", "shown"),
    [("jpy", 1500, "¥3,000"), ("kwd", 1250, "KWD2.500"), ("usd", 1999, "$39.98")],
)
def test_the_page_counts_each_currency_in_its_own_way(client, currency, unit_amount, shown):
    line = {"quantity": 2, "price_data": {"currency": currency, "unit_amount": unit_amount,
                                          "product_data": {"name": "Tea"}}}  # fmt: skip
    session = client.v1.checkout.sessions.create(order(line_items=[line], shipping_options=[]))

    assert f"Pay {shown}" in requests.get(session.url, timeout=10).text.replace("\xa0", "")


def test_the_good_card_pays_and_returns_to_the_shop(session, retrieve, sandbox):
    answer = submit(session.url)

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://shop.test/thanks?session={session.id}"
    paid = retrieve()
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details.email == "ada@example.com"
    assert paid.payment_intent.amount_received == 4488
    assert paid.payment_intent.metadata.to_dict() == {"order": "7K3Q-9XMF"}
    assert sandbox.event_types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_declined_card_leaves_the_session_open_for_another(session, retrieve, sandbox):
    answer = submit(session.url, card_number="4000000000000002")

    assert answer.status_code == 402
    assert "Your card was declined." in answer.text
    assert 'aria-describedby="card_number-error"' in answer.text
    declined = retrieve()
    assert (declined.status, declined.payment_status) == ("open", "unpaid")
    assert declined.payment_intent.last_payment_error.code == "card_declined"
    assert "payment_intent.payment_failed" in sandbox.event_types()

    assert submit(session.url).status_code == 303
    assert retrieve().payment_intent.id == declined.payment_intent.id


@pytest.mark.parametrize(("answer", "status"), [("complete", "paid"), ("fail", "unpaid")])
def test_3d_secure_asks_on_its_own_page(session, retrieve, answer, status):
    first = submit(session.url, card_number="4000002500003155")
    assert first.headers["Location"] == f"/pay/{session.id}/3ds"
    assert retrieve().payment_intent.status == "requires_action"
    assert "is this you" in requests.get(f"{session.url}/3ds", timeout=10).text

    submit(f"{session.url}/3ds", answer=answer)

    assert retrieve().payment_status == status


def test_3d_secure_cannot_be_passed_without_being_asked(session, retrieve):
    submit(f"{session.url}/3ds", answer="complete")

    assert retrieve().payment_status == "unpaid"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("card_number", "4242424242424241"),
        ("card_number", "5555555555554444"),
        ("card_number", "42"),
        ("expiry", "13/34"),
        ("cvc", "x"),
        ("name", ""),
        ("email", "nobody"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_paid(session, retrieve, field, value):
    answer = submit(session.url, **{field: value})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert retrieve().payment_intent is None


def test_two_clicks_pay_once(session, retrieve, client):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: submit(session.url), range(8)))

    assert {answer.status_code for answer in answers} == {303}
    assert len(client.v1.charges.list().data) == 1
    assert len(client.v1.payment_intents.list().data) == 1
    assert retrieve().payment_status == "paid"


def test_a_complete_page_and_an_expired_page_say_so(session, client):
    submit(session.url)
    expired = client.v1.checkout.sessions.create(order())
    client.v1.checkout.sessions.expire(expired.id)

    assert "This payment is complete" in requests.get(session.url, timeout=10).text
    assert "This payment page has expired" in requests.get(expired.url, timeout=10).text
    assert "has expired" in submit(expired.url).text
    assert client.v1.payment_intents.list().data[1:] == []


def test_an_unknown_page_is_a_404(sandbox):
    assert requests.get(f"{sandbox.url}/pay/cs_test_nowhere", timeout=10).status_code == 404
    assert submit(f"{sandbox.url}/pay/cs_test_nowhere/3ds").status_code == 404


@pytest.mark.parametrize(
    ("outcome", "payment_status"), [("succeeded", "paid"), ("failed", "unpaid")]
)
def test_a_bank_debit_completes_today_and_ends_later(
    session, retrieve, sandbox, outcome, payment_status
):
    answer = submit(session.url, method="bank_debit")
    assert answer.status_code == 303
    under_way = retrieve()
    assert (under_way.status, under_way.payment_status) == ("complete", "unpaid")
    assert under_way.payment_intent.status == "processing"

    sandbox.post(f"async/{session.id}", outcome=outcome)

    assert retrieve().payment_status == payment_status
    assert sandbox.event_types()[-1] == f"checkout.session.async_payment_{outcome}"


def test_the_disputed_card_pays_and_opens_a_dispute(session, retrieve, client, sandbox):
    submit(session.url, card_number="4000000000000259")

    disputes = client.v1.disputes.list({"payment_intent": retrieve().payment_intent.id}).data
    assert [one.status for one in disputes] == ["needs_response"]
    assert sandbox.event_types()[-2:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    ]


def test_a_total_of_zero_needs_no_payment(client, sandbox):
    coupon = client.v1.coupons.create({"percent_off": 100})
    free = client.v1.checkout.sessions.create(
        order(discounts=[{"coupon": coupon.id}], shipping_options=[])
    )

    sandbox.post(f"pay/{free.id}")

    done = client.v1.checkout.sessions.retrieve(free.id)
    assert (done.payment_status, done.payment_intent) == ("no_payment_required", None)


def test_the_control_call_acts_as_the_buyer(sandbox, client):
    def pay(**how: str) -> tuple[str, bool]:
        key = client.v1.checkout.sessions.create(order()).id
        answer = sandbox.post(f"pay/{key}", **how)
        return answer["outcome"], answer["redirect"] is not None

    assert pay() == ("paid", True)
    assert pay(card="4000000000000002") == ("declined", False)
    assert pay(card="4000002500003155") == ("paid", True)
    assert pay(card="4000002500003155", three_ds="fail") == ("failed", False)
    assert pay(method="bank_debit") == ("unpaid", True)
