"""Stripe Checkout. Its objects, errors and ways of counting end here."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from ..models import PaymentAttempt, Refund
from . import (
    stripe_currencies,
    stripe_items,
    stripe_money_back,
    stripe_session,
    stripe_webhooks,
)
from .protocol import (
    DisputeStatus,
    GatewayRefused,
    Notification,
    Payment,
    RefundStatus,
    Start,
    Status,
    Urls,
)
from .stripe_calls import answer, api, created, every
from .stripe_currencies import major_units, minor_units

CLOCKS_DIFFER = timedelta(minutes=5)
UNANSWERED = 3  # calls before Stripe's stored error is left behind with its key


class StripeCheckout:
    """A gateway as in `protocol.Gateway`."""

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
        session = answer(
            lambda: api().v1.checkout.sessions.create(
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
        answer(lambda: api().v1.coupons.create(coupon, options=options))

    def find(self, attempt: PaymentAttempt) -> Start | None:
        since = attempt.created_at - CLOCKS_DIFFER
        listed = every(api().v1.checkout.sessions.list, created(since))
        found = next((one for one in listed if stripe_session.is_of(one, attempt)), None)
        return stripe_session.start(found) if found else None

    def fetch(self, attempt: PaymentAttempt) -> Status:
        return stripe_session.status(
            answer(
                lambda: api().v1.checkout.sessions.retrieve(
                    attempt.reference or "", {"expand": ["payment_intent.latest_charge"]}
                )
            )
        )

    def cancel(self, attempt: PaymentAttempt) -> Status:
        # Refused: no longer open, but paid, under way or expired, as the next line tells.
        with suppress(GatewayRefused):
            answer(lambda: api().v1.checkout.sessions.expire(attempt.reference or ""))
        return self.fetch(attempt)

    def refund(self, refund: Refund) -> RefundStatus:
        if refund.reference:
            reference = refund.reference
            made = answer(lambda: api().v1.refunds.retrieve(reference))
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
        made = answer(lambda: api().v1.refunds.create(parameters, options={"idempotency_key": key}))
        return stripe_money_back.refund_status(made)

    def refunds(self, attempt: PaymentAttempt) -> list[RefundStatus]:
        listed = every(api().v1.refunds.list, {"payment_intent": attempt.payment_reference})
        return [stripe_money_back.refund_status(one) for one in listed]

    def refunds_since(self, since: datetime) -> Iterator[RefundStatus]:
        listed = every(api().v1.refunds.list, created(since))
        return (stripe_money_back.refund_status(one) for one in listed)

    def disputes(self, attempt: PaymentAttempt) -> list[DisputeStatus]:
        listed = every(api().v1.disputes.list, {"payment_intent": attempt.payment_reference})
        return [stripe_money_back.dispute_status(one) for one in listed]

    def disputes_since(self, since: datetime) -> Iterator[DisputeStatus]:
        listed = every(api().v1.disputes.list, created(since))
        return (stripe_money_back.dispute_status(one) for one in listed)

    def payments(self, since: datetime) -> Iterator[Status]:
        listed = every(
            api().v1.checkout.sessions.list,
            {
                **created(since),
                "status": "complete",
                "expand": ["data.payment_intent.latest_charge"],
            },
        )
        known = (stripe_session.status(one) for one in listed)
        return (one for one in known if one.payment in (Payment.PAID, Payment.PENDING))

    def recent(self, since: datetime) -> Iterator[Notification]:
        listed = every(
            api().v1.events.list, {**created(since), "types": list(stripe_session.KINDS)}
        )
        # As plain data: the library's objects know the secret key.
        return (stripe_session.notification(one.to_dict(for_json=True)) for one in listed)

    def read(self, body: bytes, headers: Mapping[str, str]) -> list[Notification]:
        return [stripe_webhooks.notification(body, headers)]

    def dashboard_url(self, attempt: PaymentAttempt) -> str:
        if settings.STRIPE_API_BASE:
            return str(settings.STRIPE_API_BASE)
        mode = "" if attempt.livemode else "test/"
        payment = attempt.payment_reference
        return f"https://dashboard.stripe.com/{mode}payments/{payment}" if payment else ""
