"""What Stripe refuses is refused, in Stripe's words, and nothing is made of it."""

import time
from typing import Any

import pytest
import stripe

from sandbox.tests.driving import order


def line(**price: Any) -> list[dict[str, Any]]:
    """One line with this price."""
    data = {"currency": "eur", "unit_amount": 1999, "product_data": {"name": "Tea"}}
    return [{"quantity": 1, "price_data": data | price}]


SOON = int(time.time()) + 60


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),
        ({"line_items": line(colour="red")}, "line_items[0][price_data][colour]",
         "parameter_unknown"),
        ({"line_items": [{"quantity": 1, "price_data": {"unit_amount": 1}}]},
         "line_items[0][price_data][currency]", "parameter_missing"),
        ({"line_items": []}, "line_items", "parameter_missing"),
        ({"line_items": line(unit_amount=19.99)}, "line_items[0][price_data][unit_amount]",
         "parameter_invalid_integer"),
        ({"line_items": line(unit_amount=-1)}, "line_items[0][price_data][unit_amount]",
         "parameter_invalid_integer"),
        ({"line_items": line() + line(currency="usd")}, "line_items", None),
        ({"line_items": [{**line()[0], "quantity": 0}]}, "line_items[0][quantity]",
         "parameter_invalid_integer"),
        ({"line_items": [{**line()[0], "price": "price_1"}]}, "line_items[0]", None),
        ({"line_items": line(currency="kwd", unit_amount=1001), "shipping_options": []},
         "line_items[0][price_data][unit_amount]", None),
        ({"customer_email": ""}, "customer_email", "parameter_invalid_empty"),
        ({"ui_mode": "hosted"}, "ui_mode", None),
        ({"allow_promotion_codes": "yes"}, "allow_promotion_codes", None),
        ({"success_url": "/thanks"}, "success_url", "url_invalid"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"expires_at": SOON}, "expires_at", None),
        ({"mode": "subscription"}, "mode", None),
        ({"metadata": {"k" * 41: "v"}}, f"metadata[{'k' * 41}]", None),
        ({"payment_intent_data": {"metadata": {"k": "v" * 501}}},
         "payment_intent_data[metadata][k]", None),
        ({"discounts": [{"coupon": "nowhere"}]}, "discounts[0][coupon]", "resource_missing"),
    ],
)  # fmt: skip
def test_a_wrong_session_is_refused_and_not_made(client, change, param, code):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(order(**change))

    assert (refusal.value.http_status, refusal.value.param, refusal.value.code) == (
        400, param, code,
    )  # fmt: skip
    assert client.v1.checkout.sessions.list().data == []


def test_an_amount_below_the_minimum_is_refused(client):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.checkout.sessions.create(
            order(line_items=line(unit_amount=49), shipping_options=[])
        )

    assert refusal.value.code == "amount_too_small"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/v1/refunds", "amount=5", "parameter_missing"),
        ("/v1/refunds", "payment_intent=pi_1&amount=0", "parameter_invalid_integer"),
        ("/v1/refunds", "payment_intent=pi_1&payment_intent=pi_2", None),
        ("/v1/refunds", "payment_intent[id]=pi_1", None),
        ("/v1/coupons", "amount_off=5", "parameter_missing"),
        ("/v1/coupons", "percent_off=5&amount_off=5", None),
        ("/v1/coupons", "percent_off=101", None),
        ("/v1/webhook_endpoints", "url=http://x.test", "parameter_missing"),
        ("/v1/webhook_endpoints", "url=http://x.test&enabled_events[0]=order.paid", None),
    ],
)
def test_a_wrong_call_is_refused(sandbox, path, body, code):
    answer = sandbox.raw("POST", path, body)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert answer.json()["error"].get("code") == code


def test_a_list_takes_no_more_than_a_hundred(client):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.events.list({"limit": 101})


def test_json_bodies_are_refused(sandbox):
    answer = sandbox.raw("POST", "/v1/refunds", "{}", Content_Type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize("key", ["", "Bearer sk_live_1", "Bearer whsec_1", "Basic !"])
def test_only_test_keys_open_the_door(sandbox, key):
    answer = sandbox.raw("GET", "/v1/events", Authorization=key)

    assert answer.status_code == 401
    assert answer.headers["Request-Id"].startswith("req_")


def test_basic_authentication_works_as_with_curl(sandbox):
    answer = sandbox.raw("GET", "/v1/events", Authorization="Basic c2tfdGVzdF8xOg==")

    assert answer.status_code == 200


def test_an_unknown_address_is_a_404_in_stripes_envelope(sandbox):
    answer = sandbox.raw("GET", "/v1/subscriptions")

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"
