"""Stripe's notifications: whether Stripe signed them, and just now."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress

import stripe
from django.conf import settings

from . import stripe_session
from .protocol import Notification, UnverifiedMessage

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


def notification(body: bytes, headers: Mapping[str, str]) -> Notification:
    """The event in a callback. Raises UnverifiedMessage."""
    signature = headers.get("Stripe-Signature", "")
    # More than one secret holds while they are being rotated. The library refuses empty ones.
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        with suppress(*NOT_STRIPES):
            return _verified(body, signature, secret)
    raise UnverifiedMessage


def _verified(body: bytes, signature: str, secret: str) -> Notification:
    """Raises one of NOT_STRIPES."""
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
