"""Stripe Checkout. The only module that imports `stripe`; its objects and errors end here."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import stripe
from django.conf import settings

from ..models import PaymentAttempt, Refund
from . import stripe_currencies, stripe_items, stripe_money_back, stripe_session
from .protocol import (
    DisputeStatus,
    GatewayRefused,
    GatewayUnavailable,
    Notification,
    Payment,
    RefundStatus,
    Start,
    Status,
    UnverifiedMessage,
    Urls,
)
from .stripe_currencies import major_units, minor_units

stripe.enable_telemetry = False

PAGE = 100  # the longest list Stripe answers with
UNANSWERED = 3  # calls before Stripe's stored error is left behind with its key
TOLERANCE = 300  # seconds, Stripe's own default
# How the library and `stripe_session.notification` refuse what is unsigned, stale or no event.
NOT_STRIPES = (
    stripe.SignatureVerificationError,
    ValueError,
    AttributeError,
    KeyError,
    TypeError,
    OverflowError,
)


class StripeCheckout:
    """A gateway as in `protocol.Gateway`."""

    @property
    def _client(self) -> stripe.StripeClient:
        return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)

    def minor_units(self, amount: Decimal, currency: str) -> int:
        return minor_units(amount, currency)

    def check_payable(self, amount: Decimal, currency: str) -> None:
        stripe_currencies.check_payable(amount, currency)

    def major_units(self, amount_minor: int, currency: str) -> Decimal:
        return major_units(amount_minor, currency)

    def start(self, attempt: PaymentAttempt, urls: Urls) -> Start:
        parameters: Any = stripe_session.parameters(attempt, urls)
        if "discounts" in parameters:
            self._make_coupon(attempt)
        session = _answer(
            lambda: self._client.v1.checkout.sessions.create(
                parameters,
                options={"idempotency_key": f"attempt-{attempt.key}"},
            )
        )
        return stripe_session.start(session)

    def _make_coupon(self, attempt: PaymentAttempt) -> None:
        """What takes the order's discount off the page. The same attempt has the same one."""
        coupon: Any = stripe_items.coupon(attempt)
        # No retry: the shopper is waiting, and the session's own call may need one.
        options: Any = {"idempotency_key": f"coupon-{attempt.key}", "max_network_retries": 0}
        _answer(lambda: self._client.v1.coupons.create(coupon, options=options))

    def find(self, attempt: PaymentAttempt) -> Start | None:
        since = int(attempt.created_at.timestamp()) - TOLERANCE
        listed = _every(self._client.v1.checkout.sessions.list, {"created": {"gte": since}})
        found = next((one for one in listed if stripe_session.is_of(one, attempt)), None)
        return stripe_session.start(found) if found else None

    def fetch(self, attempt: PaymentAttempt) -> Status:
        return stripe_session.status(
            _answer(
                lambda: self._client.v1.checkout.sessions.retrieve(
                    attempt.reference or "", {"expand": ["payment_intent.latest_charge"]}
                )
            )
        )

    def cancel(self, attempt: PaymentAttempt) -> Status:
        # Refused: no longer open, but paid, under way or expired, as the next line tells.
        with suppress(GatewayRefused):
            _answer(lambda: self._client.v1.checkout.sessions.expire(attempt.reference or ""))
        return self.fetch(attempt)

    def refund(self, refund: Refund) -> RefundStatus:
        if refund.reference:
            reference = refund.reference
            made = _answer(lambda: self._client.v1.refunds.retrieve(reference))
            return stripe_money_back.refund_status(made)
        if refund.attempts > 1:
            # An answer got lost. Stripe forgets its keys after a day, and its list tells for ever.
            known = self.refunds(refund.attempt)
            if found := next((one for one in known if one.refund_id == str(refund.pk)), None):
                return found
        return self._make(refund)

    def _make(self, refund: Refund) -> RefundStatus:
        parameters: Any = stripe_money_back.parameters(refund)
        # A stored error is repeated for a day. By now the list has said three times over that
        # nothing came of this key, so the next one cannot pay twice.
        tried = max(refund.attempts - 1, 0) // UNANSWERED
        key = f"refund-{refund.pk}-{tried}" if tried else f"refund-{refund.pk}"
        made = _answer(
            lambda: self._client.v1.refunds.create(parameters, options={"idempotency_key": key})
        )
        return stripe_money_back.refund_status(made)

    def refunds(self, attempt: PaymentAttempt) -> list[RefundStatus]:
        listed = _every(self._client.v1.refunds.list, {"payment_intent": attempt.payment_reference})
        return [stripe_money_back.refund_status(one) for one in listed]

    def refunds_since(self, since: datetime) -> Iterator[RefundStatus]:
        listed = _every(self._client.v1.refunds.list, _created(since))
        return (stripe_money_back.refund_status(one) for one in listed)

    def disputes(self, attempt: PaymentAttempt) -> list[DisputeStatus]:
        listed = _every(
            self._client.v1.disputes.list, {"payment_intent": attempt.payment_reference}
        )
        return [stripe_money_back.dispute_status(one) for one in listed]

    def disputes_since(self, since: datetime) -> Iterator[DisputeStatus]:
        listed = _every(self._client.v1.disputes.list, _created(since))
        return (stripe_money_back.dispute_status(one) for one in listed)

    def payments(self, since: datetime) -> Iterator[Status]:
        listed = _every(
            self._client.v1.checkout.sessions.list,
            {
                **_created(since),
                "status": "complete",
                "expand": ["data.payment_intent.latest_charge"],
            },
        )
        known = (stripe_session.status(one) for one in listed)
        return (one for one in known if one.payment in (Payment.PAID, Payment.PENDING))

    def recent(self, since: datetime) -> Iterator[Notification]:
        listed = _every(
            self._client.v1.events.list, {**_created(since), "types": list(stripe_session.KINDS)}
        )
        # As plain data: the library's objects know the secret key.
        return (stripe_session.notification(one.to_dict(for_json=True)) for one in listed)

    def read(self, body: bytes, headers: Mapping[str, str]) -> list[Notification]:
        signature = headers.get("Stripe-Signature", "")
        # More than one secret holds while they are being rotated. The library refuses empty ones.
        for secret in settings.STRIPE_WEBHOOK_SECRETS:
            with suppress(*NOT_STRIPES):
                return [_notification(body, signature, secret)]
        raise UnverifiedMessage

    def dashboard_url(self, attempt: PaymentAttempt) -> str:
        if settings.STRIPE_API_BASE:
            return str(settings.STRIPE_API_BASE)
        mode = "" if attempt.livemode else "test/"
        payment = attempt.payment_reference
        return f"https://dashboard.stripe.com/{mode}payments/{payment}" if payment else ""


@cache
def _client(key: str, base: str) -> stripe.StripeClient:
    # The library's own limits are 80 seconds and no retry; here a shopper waits 12 at most. One
    # retry also covers the 409 that Stripe answers while it works on the same key: a double click.
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else {},
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=(2, 3.5)),
    )


def _notification(body: bytes, signature: str, secret: str) -> Notification:
    """The event in a callback. Raises one of NOT_STRIPES."""
    stripe.Webhook.construct_event(body, signature, secret, TOLERANCE)
    _not_from_the_future(signature)
    if rb"\u0000" in body:
        raise ValueError("a NUL byte, which PostgreSQL cannot store")
    # Read again as plain data: the library turns some numbers into Decimals, which JSON lacks.
    return stripe_session.notification(json.loads(body))


def _not_from_the_future(signature: str) -> None:
    # The library refuses old timestamps only.
    stamps = [int(part[2:]) for part in signature.split(",") if part.startswith("t=")]
    if max(stamps) > time.time() + TOLERANCE:
        raise ValueError("signed in the future")


def _every(list_page: Callable[[Any], Any], parameters: dict[str, Any]) -> Iterator[Any]:
    """Every object of a list, page by page, Stripe's errors in our words."""
    listed = _answer(lambda: list_page({**parameters, "limit": PAGE}))
    objects = listed.auto_paging_iter()
    while (one := _answer(lambda: next(objects, None))) is not None:
        yield one


def _created(since: datetime) -> dict[str, Any]:
    return {"created": {"gte": int(since.timestamp())}}


def _answer(call: Callable[[], Any]) -> Any:
    """What Stripe answers, its errors in our words."""
    try:
        return call()
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.IdempotencyError) as error:
        raise GatewayUnavailable(str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        # Ours to mend, and then the same call will do.
        raise GatewayUnavailable(f"misconfigured: {error}") from error
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise GatewayRefused(str(error)) from error
    except stripe.StripeError as error:
        raise GatewayUnavailable(str(error)) from error
