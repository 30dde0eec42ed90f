"""What a payment's state at the provider means for the order. Everything here is one transaction.

Called by `payments` only, after the provider was asked. Monotone: *paid* is never left, and
hearing the same thing twice changes nothing.
"""

from datetime import datetime, timedelta

from django.db import transaction

from invoices import issuing
from products import stocking

from .. import gateways
from ..gateways.protocol import Payment, Status
from ..models import Order, OrderEvent, PaymentAttempt, ProviderEvent
from ..orders import billing, holding, notices, redeeming
from ..tax import vat_checks

Kind = OrderEvent.Kind
State = PaymentAttempt.State
# After a failed bank debit the mail's pay link should still work the next day.
SECOND_CHANCE = timedelta(days=1)
WORTH_A_MAIL = timedelta(minutes=10)


@transaction.atomic
def book(attempt: PaymentAttempt, status: Status, *, at: datetime) -> PaymentAttempt:
    """Move attempt and order to where the provider says the payment stands."""
    attempt = _locked(attempt)
    order = attempt.order
    if attempt.state == State.PAID or status.payment == Payment.OPEN:
        return attempt
    if attempt.state == State.FAILED and attempt.captured_minor is not None:
        return attempt  # the amount was wrong, and has gone back
    if attempt.state == State.FAILED and attempt.gateway == gateways.FREE:
        return attempt  # the order was cancelled first
    if status.payment == Payment.EXPIRED:
        if attempt.state != State.EXPIRED:
            _page_expired(attempt, at=at)
    elif mismatch := _mismatch(attempt, status):
        _keep_wrong_money(attempt, status, at=at)
        holding.ask(order, mismatch, at=at)
        _stop_asking(attempt, mismatch)
    elif status.payment == Payment.PAID:
        _paid(attempt, status, at=at)
    elif status.payment == Payment.PENDING and attempt.state in (State.NEW, State.OPEN):
        _pending(attempt, at=at)
    elif status.payment == Payment.FAILED and attempt.state != State.FAILED:
        _failed(attempt, at=at)
    return attempt


@transaction.atomic
def lose(attempt: PaymentAttempt, why: str, *, at: datetime) -> PaymentAttempt:
    """The provider does not know the page we were sent to (another account, other keys).

    Nobody can pay there, so the attempt is over; money may lie elsewhere, so staff must look.
    """
    attempt = _locked(attempt)
    if attempt.state in (State.OPEN, State.PENDING):
        _end(attempt, State.FAILED, at=at)
        holding.ask(attempt.order, why, at=at)
    return attempt


@transaction.atomic
def close(order: Order, status: Order.Status, *, at: datetime) -> Order:
    """Cancel or expire an order that nobody can pay any more, and release its goods."""
    order = Order.objects.select_for_update().get(pk=order.pk)
    live = order.attempts.filter(state__in=PaymentAttempt.LIVE)
    if order.status != Order.Status.PLACED or live.exclude(gateway=gateways.FREE).exists():
        return order
    if status == Order.Status.EXPIRED and order.expires_at > at:
        return order  # a failed debit has just given it another day
    # Of an order that costs nothing, and was not settled yet.
    live.update(state=State.FAILED, settled_at=at, check_at=None)
    order.move_to(status)
    order.save(update_fields=["status", "placed_from"])
    stocking.release(order.quantities(), reference=order.number, at=at)
    redeeming.release(order, at=at)
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
    _capture(attempt, status, at=at)
    _end(attempt, State.PAID, at=at)
    if attempt.order.status == Order.Status.PLACED:
        sell(attempt, at=at)
    else:
        # Kept, never dropped: staff reinstate the order or give the money back.
        holding.ask(attempt.order, f"paid while {attempt.order.status}", at=at)


def sell(attempt: PaymentAttempt, *, at: datetime) -> None:
    """The order is paid by this payment: its goods leave the shelf, its invoice is written.

    In the transaction of the caller, who holds the locks of order and attempt. Raises WrongTurn.
    """
    order = attempt.order
    order.move_to(Order.Status.PAID)
    # Of a reinstated order the money came earlier: its invoice must name that day.
    order.paid_at = attempt.settled_at or at
    order.save(update_fields=["status", "placed_from", "paid_at"])
    attempt.pays_order = True
    attempt.save(update_fields=["pays_order"])
    order.note(Kind.PAID, at=at, attempt=attempt.pk, method=attempt.method)
    stocking.sell(order.quantities(), reference=order.number, at=at)
    redeeming.confirm(order, at=at)
    invoice = issuing.issue_invoice(billing.bill(order, method=attempt.method), at=at)
    order.note(Kind.INVOICED, at=at, number=invoice.number)
    vat_checks.hold_if_refused(order, at=at)


def _capture(attempt: PaymentAttempt, status: Status, *, at: datetime) -> None:
    attempt.captured_minor, attempt.captured_currency = status.amount_minor, status.currency
    attempt.payment_reference, attempt.method = status.payment_reference, status.method
    attempt.reference = attempt.reference or status.reference or None  # it is unique
    attempt.save(
        update_fields=[
            "captured_minor", "captured_currency", "payment_reference", "method", "reference",
        ]
    )  # fmt: skip
    if attempt.payment_reference:
        # A refund or a dispute may have been told of before the payment itself.
        early = ProviderEvent.objects.filter(
            gateway=attempt.gateway,
            payment_reference=attempt.payment_reference,
            state=ProviderEvent.State.UNMATCHED,
        )
        early.follow_up_again(at)


def _keep_wrong_money(attempt: PaymentAttempt, status: Status, *, at: datetime) -> None:
    """Money is never dropped: of this very page, though not what was asked, it can go back."""
    is_this_page = (status.attempt_key, status.reference) == (str(attempt.key), attempt.reference)
    if is_this_page and status.payment == Payment.PAID:
        _capture(attempt, status, at=at)


def _pending(attempt: PaymentAttempt, *, at: datetime) -> None:
    """Only from a page that is open: an answer that was read before the bank's no may come later.

    Whoever pays on a page that the shop meant to close is told like everybody else if it fails.
    """
    attempt.state, attempt.closing = State.PENDING, False
    attempt.save(update_fields=["state", "closing"])
    attempt.order.note(Kind.PAYMENT_PENDING, at=at, attempt=attempt.pk)


def _failed(attempt: PaymentAttempt, *, at: datetime) -> None:
    """A payment under way came to nothing. The order can be paid again."""
    _end(attempt, State.FAILED, at=at)
    order = attempt.order
    if order.status != Order.Status.PLACED or attempt.closing:
        return
    order.expires_at = max(order.expires_at, at + SECOND_CHANCE)
    order.save(update_fields=["expires_at"])
    order.note(Kind.PAYMENT_FAILED, at=at, attempt=attempt.pk)
    notices.payment_failed(attempt, at=at)


def _page_expired(attempt: PaymentAttempt, *, at: datetime) -> None:
    """The page ended, not the order: it stays payable until its goods are released."""
    _end(attempt, State.EXPIRED, at=at)
    order = attempt.order
    time_is_left = order.status == Order.Status.PLACED and order.expires_at > at + WORTH_A_MAIL
    if time_is_left and not attempt.closing:
        notices.payment_expired(attempt, at=at)


def _locked(attempt: PaymentAttempt) -> PaymentAttempt:
    """Order first, then the attempt: as everywhere, or two workers would wait for each other."""
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    attempt.order = order
    return attempt


def _stop_asking(attempt: PaymentAttempt, why: str) -> None:
    attempt.check_at, attempt.last_error = None, why
    attempt.save(update_fields=["check_at", "last_error"])


def _end(attempt: PaymentAttempt, state: PaymentAttempt.State, *, at: datetime) -> None:
    attempt.state, attempt.settled_at, attempt.check_at = state, at, None
    attempt.save(update_fields=["state", "settled_at", "check_at"])
