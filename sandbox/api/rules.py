"""Rules that Stripe's reference states in words and types cannot say."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.api.refusals import check_currency, missing, refuse
from sandbox.api.session_rules import check_session

Json = dict[str, Any]


def check(operation: str, params: Json) -> None:
    """Raise what Stripe would answer."""
    for where, metadata in _metadata(params):
        _check_metadata(where, metadata)
    if not 1 <= params.get("limit", 10) <= 100:
        refuse("limit", "Invalid integer: limit must be between 1 and 100",
                "parameter_invalid_integer")  # fmt: skip
    rule = RULES.get(operation)
    if rule:
        rule(params)


def _metadata(params: Any, where: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(params, list):
        for index, item in enumerate(params):
            yield from _metadata(item, f"{where}[{index}]")
    if not isinstance(params, dict):
        return
    for name, value in params.items():
        inner = f"{where}[{name}]" if where else name
        if name == "metadata" and isinstance(value, dict):
            yield inner, value
        else:
            yield from _metadata(value, inner)


def _check_metadata(where: str, metadata: Json) -> None:
    if len(metadata) > 50:
        refuse(where, "Metadata can have at most 50 keys.")
    for name, value in metadata.items():
        if len(name) > 40:
            refuse(f"{where}[{name}]", "Metadata keys can have at most 40 characters.")
        if len(value) > 500:
            refuse(f"{where}[{name}]", "Metadata values can have at most 500 characters.")


def _refund(params: Json) -> None:
    if "payment_intent" not in params and "charge" not in params:
        refuse("payment_intent", "One of the following params should be provided for this "
                "request: payment_intent or charge.", "parameter_missing")  # fmt: skip
    if params.get("amount", 1) < 1:
        refuse("amount", "Invalid positive integer", "parameter_invalid_integer")


def _coupon(params: Json) -> None:
    if ("percent_off" in params) == ("amount_off" in params):
        refuse("percent_off", "Must provide exactly one of percent_off and amount_off.")
    if not 0 < params.get("percent_off", 1) <= 100:
        refuse("percent_off", "Percent off must be greater than 0 and at most 100.")
    if params.get("amount_off", 1) < 1:
        refuse("amount_off", "Invalid positive integer", "parameter_invalid_integer")
    if "amount_off" in params:
        if "currency" not in params:
            missing("currency")
        check_currency("currency", params["currency"])


def _events(params: Json) -> None:
    if "type" in params and "types" in params:
        refuse("types", "You may only specify one of these parameters: type, types.",
                "parameter_conflicting")  # fmt: skip
    if len(params.get("types", [])) > 20:
        refuse("types", "At most 20 types are allowed.")


def _endpoint(params: Json) -> None:
    if not re.match(r"https?://[^/\s]+", params["url"]):
        refuse("url", "Not a valid URL", "url_invalid")


RULES = {
    "checkout.sessions.create": check_session,
    "refunds.create": _refund,
    "coupons.create": _coupon,
    "events.list": _events,
    "webhook_endpoints.create": _endpoint,
}
