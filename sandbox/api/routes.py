"""Which call is which operation, what it takes, and who does it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from sandbox.api import lists
from sandbox.models import Document
from sandbox.objects import coupons, disputes, endpoints, opening, refunds, sessions, store
from sandbox.objects.store import Json


@dataclass(frozen=True)
class Call:
    """One checked call. `key` is the id in the path, if there is one."""

    path: str
    params: Json
    base_url: str
    key: str = ""


@dataclass(frozen=True)
class Operation:
    """One line of the reference. `name` is resource.method in the library's words."""

    method: str
    path: str
    name: str
    shape: str
    run: Callable[[Call], Json]
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.compile(self.path.replace("{}", "([^/]+)"))
        object.__setattr__(self, "pattern", pattern)


def find(method: str, path: str) -> tuple[Operation, str] | None:
    """The operation and the id in the path; `path` has neither /v1/ nor a trailing slash."""
    for operation in OPERATIONS:
        match = operation.pattern.fullmatch(path)
        if match and operation.method == method:
            return operation, match[1] if match.groups() else ""
    return None


def _shown(make: Callable[[Call], Document]) -> Callable[[Call], Json]:
    return lambda call: store.shown(make(call))


def _get(kind: str, param: str = "id") -> Callable[[Call], Json]:
    return lambda call: store.shown(store.get(kind, call.key, param))


def _list(kind: str) -> Callable[[Call], Json]:
    return lambda call: lists.page(kind, call.params, call.path)


def _list_sessions(call: Call) -> Json:
    for row in store.find("checkout.session", status="open").filter(due_at__lte=store.now()):
        sessions.fresh(row.key)
    return lists.page("checkout.session", call.params, call.path)


def _line_items(call: Call) -> Json:
    store.get("checkout.session", call.key, "session")
    return lists.cut(store.parts_of(call.key), call.params, call.path)


def _create_endpoint(call: Call) -> Json:
    endpoint = endpoints.create(call.params)
    # The only answer that ever shows the secret.
    return store.shown(endpoint) | {"secret": endpoint.private["secret"]}


@transaction.atomic
def _update_session(call: Call) -> Document:
    return sessions.update(store.get("checkout.session", call.key, "session"), call.params)


@transaction.atomic
def _update_refund(call: Call) -> Document:
    return refunds.update(store.get("refund", call.key), call.params)


def _account(_: Call) -> Json:
    return {
        "id": "acct_sandbox",
        "object": "account",
        "business_profile": {"name": "Sandbox"},
        "charges_enabled": True,
        "country": "DE",
        "default_currency": "eur",
        "details_submitted": True,
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": "Sandbox"}},
        "type": "standard",
    }


SESSION = "checkout/sessions"
OPERATIONS = [
    Operation("POST", SESSION, "checkout.sessions.create", "checkout.SessionCreateParams",
              _shown(lambda call: opening.open_session(call.params, base_url=call.base_url))),
    Operation("GET", SESSION, "checkout.sessions.list", "checkout.SessionListParams",
              _list_sessions),
    Operation("GET", f"{SESSION}/{{}}", "checkout.sessions.retrieve",
              "checkout.SessionRetrieveParams", _shown(lambda call: sessions.fresh(call.key))),
    Operation("POST", f"{SESSION}/{{}}", "checkout.sessions.update",
              "checkout.SessionUpdateParams", _shown(_update_session)),
    Operation("POST", f"{SESSION}/{{}}/expire", "checkout.sessions.expire",
              "checkout.SessionExpireParams", _shown(lambda call: sessions.expire(call.key))),
    Operation("GET", f"{SESSION}/{{}}/line_items", "checkout.sessions.line_items.list",
              "checkout.SessionLineItemListParams", _line_items),
    Operation("GET", "payment_intents", "payment_intents.list", "PaymentIntentListParams",
              _list("payment_intent")),
    Operation("GET", "payment_intents/{}", "payment_intents.retrieve",
              "PaymentIntentRetrieveParams", _get("payment_intent", "intent")),
    Operation("GET", "charges", "charges.list", "ChargeListParams", _list("charge")),
    Operation("GET", "charges/{}", "charges.retrieve", "ChargeRetrieveParams", _get("charge")),
    Operation("POST", "refunds", "refunds.create", "RefundCreateParams",
              _shown(lambda call: refunds.create(call.params))),
    Operation("GET", "refunds", "refunds.list", "RefundListParams", _list("refund")),
    Operation("GET", "refunds/{}", "refunds.retrieve", "RefundRetrieveParams", _get("refund")),
    Operation("POST", "refunds/{}", "refunds.update", "RefundUpdateParams",
              _shown(_update_refund)),
    Operation("POST", "coupons", "coupons.create", "CouponCreateParams",
              _shown(lambda call: coupons.create(call.params))),
    Operation("GET", "coupons", "coupons.list", "CouponListParams", _list("coupon")),
    Operation("GET", "coupons/{}", "coupons.retrieve", "CouponRetrieveParams",
              _get("coupon", "coupon")),
    Operation("DELETE", "coupons/{}", "coupons.delete", "CouponDeleteParams",
              lambda call: coupons.delete(call.key)),
    Operation("GET", "disputes", "disputes.list", "DisputeListParams", _list("dispute")),
    Operation("GET", "disputes/{}", "disputes.retrieve", "DisputeRetrieveParams",
              _get("dispute", "dispute")),
    Operation("POST", "disputes/{}", "disputes.update", "DisputeUpdateParams",
              _shown(lambda call: disputes.update(call.key, call.params))),
    # To close a dispute through the API is to accept it.
    Operation("POST", "disputes/{}/close", "disputes.close", "DisputeCloseParams",
              _shown(lambda call: disputes.close(call.key, won=False))),
    Operation("GET", "events", "events.list", "EventListParams", _list("event")),
    Operation("GET", "events/{}", "events.retrieve", "EventRetrieveParams", _get("event")),
    Operation("POST", "webhook_endpoints", "webhook_endpoints.create",
              "WebhookEndpointCreateParams", _create_endpoint),
    Operation("GET", "webhook_endpoints", "webhook_endpoints.list", "WebhookEndpointListParams",
              _list("webhook_endpoint")),
    Operation("GET", "webhook_endpoints/{}", "webhook_endpoints.retrieve",
              "WebhookEndpointRetrieveParams", _get("webhook_endpoint", "webhook_endpoint")),
    Operation("DELETE", "webhook_endpoints/{}", "webhook_endpoints.delete",
              "WebhookEndpointDeleteParams", lambda call: endpoints.delete(call.key)),
    Operation("GET", "account", "accounts.retrieve_current", "AccountRetrieveCurrentParams",
              _account),
]  # fmt: skip
