"""The life of a payment. `settle` is the only door to *paid*: it asks the provider, then compares.

The provider is never called inside a transaction. Locks are taken in one order everywhere:
order, attempt, stock, invoice counter.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from . import booking, gateways
from .gateways.protocol import GatewayRefused, Payment, Status, Urls
from .models import Order, PaymentAttempt

State = PaymentAttempt.State
# Stripe allows 30 minutes to 24 hours; the minutes on top are for a slow first call.
PAGE_LIFE = timedelta(minutes=35)
FREE = "free"  # what the gateway of an order that costs nothing is called


class NotPayable(Exception):
    """The order is paid, cancelled or expired, or its payment is under way."""


class PaymentMismatch(GatewayRefused):
    """The provider's page would ask for another amount than the order's."""


def start(order: Order, *, at: datetime) -> PaymentAttempt:
    """The page where this order can be paid now: the one it has, or a new one.

    Repeatable. An order that costs nothing is paid at once, without a provider.
    Raises NotPayable, PaymentMismatch, GatewayUnavailable (try again) or GatewayRefused.
    """
    attempt = _attempt_for(order, at=at)
    if attempt.gateway == FREE:
        return settle(attempt, at=at)
    return open_page(attempt) if attempt.state == State.NEW else attempt


def open_page(attempt: PaymentAttempt) -> PaymentAttempt:
    """Ask the provider for the attempt's page, with a key that makes asking again harmless."""
    gateway = gateways.get(attempt.gateway)
    try:
        page = gateway.start(attempt, _urls(attempt.order))
    except GatewayRefused as refused:
        _give_up(attempt, str(refused))
        raise
    attempt.reference, attempt.url, attempt.livemode = page.reference, page.url, page.livemode
    if (page.amount_minor, page.currency) != (attempt.amount_minor, attempt.currency):
        gateway.cancel(attempt)
        _give_up(attempt, f"the page asked for {page.amount_minor} {page.currency}")
        raise PaymentMismatch(attempt.order.number)
    attempt.state = State.OPEN
    # Only from NEW: a webhook may have settled it while we waited for the answer.
    PaymentAttempt.objects.filter(pk=attempt.pk, state=State.NEW).update(
        reference=page.reference, url=page.url, livemode=page.livemode, state=State.OPEN
    )
    return attempt


def settle(attempt: PaymentAttempt, *, at: datetime) -> PaymentAttempt:
    """Ask the provider where the payment stands, and book it. Harmless however often it is called.

    Raises GatewayUnavailable when there is no answer; then nothing has changed.
    """
    if attempt.gateway == FREE:
        return booking.book(attempt, _nothing_to_pay(attempt), at=at)
    if not attempt.reference:  # the answer to the first call was lost: ask again with its key
        attempt = open_page(attempt)
    return booking.book(attempt, gateways.get(attempt.gateway).fetch(attempt), at=at)


def cancel(order: Order, *, at: datetime) -> Order:
    """Close an unpaid order and give its goods back, once the provider takes no money for it.

    Returns the order as it then is: *paid* if the money was faster. Raises GatewayUnavailable.
    """
    return _close(order, Order.Status.CANCELLED, at=at)


def expire(order: Order, *, at: datetime) -> Order:
    """As `cancel`, because nobody paid in time."""
    return _close(order, Order.Status.EXPIRED, at=at)


def _close(order: Order, status: Order.Status, *, at: datetime) -> Order:
    for attempt in order.attempts.filter(state__in=PaymentAttempt.LIVE).exclude(gateway=FREE):
        _close_page(attempt, at=at)
    return booking.close(order, status, at=at)


def _close_page(attempt: PaymentAttempt, *, at: datetime) -> None:
    """At the provider first: stock is given back only when nobody can pay for it any more."""
    try:
        if not attempt.reference:
            attempt = open_page(attempt)
        status = gateways.get(attempt.gateway).cancel(attempt)
    except GatewayRefused:
        return  # there is no such page
    booking.book(attempt, status, at=at, closing=True)


@transaction.atomic
def _attempt_for(order: Order, *, at: datetime) -> PaymentAttempt:
    """The order's live attempt, or a new one. At most one lives at a time."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.status != Order.Status.PLACED:
        raise NotPayable(order.number)
    live = order.attempts.filter(state__in=PaymentAttempt.LIVE).first()
    if live:
        if live.state == State.PENDING:
            raise NotPayable(order.number)
        return live
    gateway = gateways.DEFAULT if order.total else FREE
    attempt = PaymentAttempt.objects.create(
        order=order,
        gateway=gateway,
        amount_minor=_minor(order, gateway),
        currency=order.currency,
        created_at=at,
        expires_at=at + PAGE_LIFE,
        check_at=at + timedelta(minutes=5),
    )
    # The goods stay promised at least as long as the page can be paid.
    if order.expires_at < attempt.expires_at:
        order.expires_at = attempt.expires_at
        order.save(update_fields=["expires_at"])
    return attempt


def _minor(order: Order, gateway: str) -> int:
    return 0 if gateway == FREE else gateways.get(gateway).minor_units(order.total, order.currency)


def _give_up(attempt: PaymentAttempt, why: str) -> None:
    PaymentAttempt.objects.filter(pk=attempt.pk, state=State.NEW).update(
        state=State.FAILED, reference=attempt.reference, last_error=why, check_at=None
    )


def _urls(order: Order) -> Urls:
    """From one configured base: a forged Host header must not send shoppers elsewhere."""
    back = settings.BASE_URL + reverse("checkout:return", args=[order.token])
    return Urls(
        success=f"{back}?session={{CHECKOUT_SESSION_ID}}",
        cancel=settings.BASE_URL + order.get_absolute_url(),
    )


def _nothing_to_pay(attempt: PaymentAttempt) -> Status:
    return Status(
        payment=Payment.PAID,
        attempt_key=str(attempt.key),
        reference=attempt.reference or "",
        payment_reference="",
        amount_minor=0,
        currency=attempt.currency,
        livemode=attempt.livemode,
    )
