"""What a payment's state at the provider means for the order. Everything here is one transaction.

Called by `payments` only, after the provider was asked. Monotone: *paid* is never left, and
hearing the same thing twice changes nothing.
"""

from datetime import datetime, timedelta

from django.db import transaction

from invoices import issuing
from products import stocking

from . import billing, notices
from .gateways.protocol import Payment, Status
from .models import Order, OrderEvent, PaymentAttempt

Kind = OrderEvent.Kind
State = PaymentAttempt.State
# After a failed bank debit the mail's pay link should still work the next day.
SECOND_CHANCE = timedelta(days=1)


@transaction.atomic
def book(
    attempt: PaymentAttempt, status: Status, *, at: datetime, closing: bool = False
) -> PaymentAttempt:
    """Move attempt and order to where the provider says the payment stands.

    `closing`: the shop itself ended the page, so nobody is invited to pay.
    """
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    attempt.order = order
    if attempt.state == State.PAID or status.payment == Payment.OPEN:
        return attempt
    if mismatch := _mismatch(attempt, status):
        _flag(order, mismatch, at=at)
        return attempt
    if status.payment == Payment.PAID:
        _paid(attempt, status, at=at)
    elif status.payment == Payment.PENDING and attempt.state != State.PENDING:
        attempt.state = State.PENDING
        attempt.save(update_fields=["state"])
        order.note(Kind.PAYMENT_PENDING, at=at, attempt=attempt.pk)
    elif status.payment == Payment.FAILED and attempt.state != State.FAILED:
        _failed(attempt, at=at)
    elif status.payment == Payment.EXPIRED and attempt.state != State.EXPIRED:
        _page_expired(attempt, at=at, closing=closing)
    return attempt


@transaction.atomic
def close(order: Order, status: Order.Status, *, at: datetime) -> Order:
    """Cancel or expire an order that nobody can pay any more, and release its goods."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    live = order.attempts.filter(state__in=PaymentAttempt.LIVE).exists()
    if order.status != Order.Status.PLACED or live:
        return order
    order.move_to(status)
    order.save(update_fields=["status"])
    stocking.release(order.quantities(), reference=order.number, at=at)
    if status == Order.Status.EXPIRED:
        order.note(Kind.EXPIRED, at=at)
        notices.order_expired(order, at=at)
    else:
        order.note(Kind.CANCELLED, at=at)
    return order


def _mismatch(attempt: PaymentAttempt, status: Status) -> str:
    """What does not agree between our row and the provider's payment; empty when all does."""
    facts = {
        "attempt": (str(attempt.key), status.attempt_key),
        "session": (attempt.reference or status.reference, status.reference),
        "amount": (attempt.amount_minor, status.amount_minor),
        "currency": (attempt.currency, status.currency),
        "livemode": (attempt.livemode, status.livemode),
    }
    return "; ".join(
        f"{what}: {ours} ≠ {theirs}" for what, (ours, theirs) in facts.items() if ours != theirs
    )


def _paid(attempt: PaymentAttempt, status: Status, *, at: datetime) -> None:
    attempt.payment_reference = status.payment_reference
    _end(attempt, State.PAID, at=at)
    order = attempt.order
    if order.status != Order.Status.PLACED:
        # Kept, never dropped: staff reinstate the order or give the money back.
        _flag(order, f"paid while {order.status}", at=at)
        return
    order.move_to(Order.Status.PAID)
    order.paid_at = at
    order.save(update_fields=["status", "paid_at"])
    order.note(Kind.PAID, at=at, attempt=attempt.pk, method=status.method)
    stocking.sell(order.quantities(), reference=order.number, at=at)
    invoice = issuing.issue_invoice(billing.bill(order, method=status.method), at=at)
    order.note(Kind.INVOICED, at=at, number=invoice.number)


def _failed(attempt: PaymentAttempt, *, at: datetime) -> None:
    """A payment under way came to nothing. The order can be paid again."""
    _end(attempt, State.FAILED, at=at)
    order = attempt.order
    if order.status != Order.Status.PLACED:
        return
    order.expires_at = max(order.expires_at, at + SECOND_CHANCE)
    order.save(update_fields=["expires_at"])
    order.note(Kind.PAYMENT_FAILED, at=at, attempt=attempt.pk)
    notices.payment_failed(attempt, at=at)


def _page_expired(attempt: PaymentAttempt, *, at: datetime, closing: bool) -> None:
    """The page ended, not the order: it stays payable until its goods are released."""
    _end(attempt, State.EXPIRED, at=at)
    if attempt.order.status == Order.Status.PLACED and not closing:
        notices.payment_expired(attempt, at=at)


def _end(attempt: PaymentAttempt, state: PaymentAttempt.State, *, at: datetime) -> None:
    attempt.state, attempt.settled_at, attempt.check_at = state, at, None
    attempt.save(update_fields=["state", "settled_at", "check_at", "payment_reference"])


def _flag(order: Order, why: str, *, at: datetime) -> None:
    """Ask staff to look, once for each reason."""
    if not order.events.filter(kind=Kind.NEEDS_REVIEW, data__why=why).exists():
        order.note(Kind.NEEDS_REVIEW, at=at, why=why)
    if order.hold != Order.Hold.NEEDS_REVIEW:
        order.hold, order.hold_since = Order.Hold.NEEDS_REVIEW, at
        order.save(update_fields=["hold", "hold_since"])
