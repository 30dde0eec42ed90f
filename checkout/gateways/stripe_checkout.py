"""Stripe Checkout. The only module that imports `stripe`; its objects and errors end here."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import Any

import stripe
from django.conf import settings

from ..models import PaymentAttempt
from . import stripe_currencies, stripe_items, stripe_session
from .protocol import (
    GatewayRefused,
    GatewayUnavailable,
    Notification,
    Start,
    Status,
    UnverifiedMessage,
    Urls,
)
from .stripe_currencies import minor_units

stripe.enable_telemetry = False

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
        sessions = self._client.v1.checkout.sessions

        def search() -> Any:
            listed = sessions.list({"created": {"gte": since}, "limit": 100})
            return next(
                (one for one in listed.auto_paging_iter() if stripe_session.is_of(one, attempt)),
                None,
            )

        found = _answer(search)
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
