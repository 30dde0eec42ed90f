"""The life of a payment. `settle` is the only door to *paid*: it asks the provider, then compares.

The provider is never called inside a transaction. Locks are taken in one order everywhere:
order, attempt, stock, invoice counter.
"""

from datetime import datetime, timedelta

from django.db import transaction

from .. import gateways
from ..gateways.protocol import GatewayRefused, Payment, Status
from ..models import Order, PaymentAttempt
from ..models.inserting import insert
from . import booking
from .pages import find_page, open_page

State = PaymentAttempt.State
# Stripe allows 30 minutes to 24 hours; the other half hour is for a first call that got lost.
PAGE_LIFE = timedelta(minutes=60)
SHORTEST_PAGE = timedelta(minutes=30)
# However often the page is opened again, goods are not promised for longer than this.
LONGEST_PROMISE = timedelta(hours=24)
BETWEEN_LOOKS = timedelta(seconds=3)


class NotPayable(Exception):
    """The order is paid, cancelled or expired, or its payment is under way."""


def start(order: Order, attempt: PaymentAttempt | None = None, *, at: datetime) -> PaymentAttempt:
    """The page where this order can be paid now: the one it has, or a new one.

    Repeatable. `attempt`, if known, is the one that was prepared with the order just now. An order
    that costs nothing is paid at once, without a provider.
    Raises NotPayable, GatewayUnavailable (try again) or GatewayRefused.
    """
    attempt = attempt or _attempt_for(order, at=at)
    if attempt.gateway == gateways.FREE:
        return settle(attempt, at=at)
    if attempt.state == State.OPEN and attempt.expires_at <= at:
        settle(attempt, at=at)  # its page is over, and nobody told us
        attempt = _attempt_for(order, at=at)
    if attempt.state != State.NEW:
        return attempt
    try:
        return open_page(attempt)
    except GatewayRefused:
        if attempt.expires_at > at + SHORTEST_PAGE:
            raise
        # An old attempt whose first call got lost, and which has too little time left now.
        return open_page(_attempt_for(order, at=at))


def settle(attempt: PaymentAttempt, *, at: datetime) -> PaymentAttempt:
    """Ask the provider where the payment stands, and book it. Harmless however often it is called.

    Raises GatewayUnavailable when there is no answer; then nothing has changed.
    """
    if attempt.gateway == gateways.FREE:
        return booking.book(attempt, _nothing_to_pay(attempt), at=at)
    try:
        if attempt.state == State.NEW:  # the answer to the first call was lost
            attempt = open_page(attempt)
        elif not attempt.reference:  # given up, and yet somebody speaks of it
            attempt = find_page(attempt)
        status = gateways.get(attempt.gateway).fetch(attempt)
    except GatewayRefused as refused:
        return booking.lose(attempt, str(refused), at=at)
    return booking.book(attempt, status, at=at)


def look(attempt: PaymentAttempt, *, at: datetime) -> PaymentAttempt:
    """As `settle`, for a page that may be loaded as often as anybody likes.

    The provider is asked every few seconds at most, whoever looks; in between the webhook tells.
    """
    just_asked = {"asked_at__gt": at - BETWEEN_LOOKS, "asked_at__lte": at}
    attempts = PaymentAttempt.objects.filter(pk=attempt.pk).exclude(**just_asked)
    # In one statement: of twenty pages loaded at once, one goes on.
    return settle(attempt, at=at) if attempts.update(asked_at=at) else attempt


def cancel(order: Order, *, at: datetime) -> Order:
    """Close an unpaid order and give its goods back, once the provider takes no money for it.

    Returns the order as it then is: *paid* if the money was faster, *placed* if it is under way.
    Raises GatewayUnavailable.
    """
    return _close(order, Order.Status.CANCELLED, at=at)


def expire(order: Order, *, at: datetime) -> Order:
    """As `cancel`, because nobody paid in time. Leaves an order alone whose time is not up."""
    # A debit may have failed unseen, which gives the order another day.
    for attempt in order.attempts.filter(state__in=PaymentAttempt.LIVE):
        settle(attempt, at=at)
    order.refresh_from_db()  # and the shopper may have opened a new page since it was listed
    return order if order.expires_at > at else _close(order, Order.Status.EXPIRED, at=at)


def _close(order: Order, status: Order.Status, *, at: datetime) -> Order:
    live = order.attempts.filter(state__in=PaymentAttempt.LIVE)
    for attempt in live.exclude(gateway=gateways.FREE):
        _close_page(attempt, at=at)
    return booking.close(order, status, at=at)


def _close_page(attempt: PaymentAttempt, *, at: datetime) -> None:
    """At the provider first: stock is given back only when nobody can pay for it any more."""
    # Before the call: the provider's event about it may overtake the answer.
    PaymentAttempt.objects.filter(pk=attempt.pk).update(closing=True)
    try:
        if attempt.state == State.NEW:
            attempt = open_page(attempt)
        status = gateways.get(attempt.gateway).cancel(attempt)
    except GatewayRefused as refused:
        booking.lose(attempt, str(refused), at=at)
    else:
        booking.book(attempt, status, at=at)


def _attempt_for(order: Order, *, at: datetime) -> PaymentAttempt:
    """The order's live attempt, or a new one. At most one lives at a time."""
    # An order with a live attempt is waiting for it, so only the others need a closer look.
    live = order.attempts.filter(state__in=PaymentAttempt.LIVE).first()
    attempt = live or _next_attempt(order, at=at)
    if attempt.state == State.PENDING:
        raise NotPayable(order.number)
    return attempt


@transaction.atomic
def _next_attempt(order: Order, *, at: datetime) -> PaymentAttempt:
    order = Order.objects.select_for_update().get(pk=order.pk)
    if order.status != Order.Status.PLACED:
        raise NotPayable(order.number)
    # After the lock: whoever was faster has committed.
    live = order.attempts.filter(state__in=PaymentAttempt.LIVE).first()
    return live or prepare(order, at=at)


def prepare(order: Order, *, at: datetime) -> PaymentAttempt:
    """Write down that the order is to be paid. The caller has just written or locked the order."""
    gateway = gateways.DEFAULT if order.total else gateways.FREE
    attempt = PaymentAttempt(
        order=order,
        gateway=gateway,
        amount_minor=_minor(order, gateway),
        currency=order.currency,
        created_at=at,
        expires_at=at + PAGE_LIFE,
        check_at=at + timedelta(minutes=5),
    )
    insert(attempt)
    _promise_until(order, min(attempt.expires_at, order.placed_at + LONGEST_PROMISE))
    return attempt


def _promise_until(order: Order, until: datetime) -> None:
    """The goods stay promised at least as long as the page can be paid."""
    if order.expires_at < until:
        order.expires_at = until
        order.save(update_fields=["expires_at"])


def _minor(order: Order, gateway: str) -> int:
    if gateway == gateways.FREE:
        return 0
    return gateways.get(gateway).minor_units(order.total, order.currency)


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
