"""What providers tell us. Written down first, followed up by a worker, never believed."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from . import payments
from .gateways.protocol import Notification
from .models import OrderEvent, PaymentAttempt, ProviderEvent

logger = logging.getLogger(__name__)
State = ProviderEvent.State
MAX_ATTEMPTS = 8
# Longer than the task may take, so that whoever held it is dead when it runs out.
LEASE = timedelta(seconds=30)

ABOUT_A_SESSION = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    }
)
DECLINED = "payment_intent.payment_failed"


class TooOften(Exception):
    """The event was tried as often as it may be."""


def receive(gateway: str, notifications: Iterable[Notification], *, at: datetime) -> None:
    """Store verified notifications, each once, and wake a worker for the new ones."""
    from .tasks import handle_event

    for note in notifications:
        with transaction.atomic():
            event, is_new = ProviderEvent.objects.get_or_create(
                gateway=gateway,
                event_id=note.event_id,
                defaults={
                    "kind": note.kind,
                    "reference": note.reference,
                    "payment_reference": note.payment_reference,
                    "attempt_key": note.attempt_key,
                    "livemode": note.livemode,
                    "payload": note.payload,
                    "received_at": at,
                    "due_at": at,
                },
            )
            if is_new:
                handle_event.wake(event.pk)


def handle(event_id: int, *, at: datetime) -> None:
    """Follow one event up, if it is due and nobody else is doing so."""
    claimed = ProviderEvent.objects.filter(pk=event_id, state=State.RECEIVED, due_at__lte=at)
    # In one statement: of twenty workers woken at once, one goes on.
    if not claimed.update(due_at=at + LEASE, attempts=F("attempts") + 1):
        return
    event = ProviderEvent.objects.get(pk=event_id)
    try:
        if event.attempts > MAX_ATTEMPTS:  # whoever tried before was killed each time
            raise TooOften
        state = _follow_up(event, at=at)
    except Exception as error:  # any error: the event is tried again, then shown to staff
        # The name alone: a provider's words may quote the buyer.
        logger.warning("event %s is put off: %s", event.event_id, type(error).__name__)
        _put_off(event, error, at=at)
        return
    ProviderEvent.objects.filter(pk=event.pk).update(
        state=state, handled_at=timezone.now(), due_at=None, last_error=""
    )


def _follow_up(event: ProviderEvent, *, at: datetime) -> ProviderEvent.State:
    if event.livemode != settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_")):
        return State.QUARANTINED
    if event.kind not in ABOUT_A_SESSION and event.kind != DECLINED:
        return State.IGNORED
    attempt = _attempt(event)
    if attempt is None:
        return State.UNMATCHED
    if event.kind == DECLINED:
        # A line on the timeline; the buyer may try another card on the same page.
        OrderEvent.objects.get_or_create(
            order=attempt.order,
            kind=OrderEvent.Kind.PAYMENT_DECLINED,
            data={"event": event.event_id},
            defaults={"at": at},
        )
    else:
        payments.settle(attempt, at=at)
    return State.HANDLED


def _attempt(event: ProviderEvent) -> PaymentAttempt | None:
    """By the provider's name, or by our own key where its answer has not reached us yet."""
    names = Q(reference=event.reference) if event.reference else Q(pk=None)
    if event.payment_reference:
        names |= Q(payment_reference=event.payment_reference)
    if key := _uuid(event.attempt_key):
        names |= Q(key=key)
    return (
        PaymentAttempt.objects.filter(names, gateway=event.gateway).select_related("order").first()
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _put_off(event: ProviderEvent, error: Exception, *, at: datetime) -> None:
    failed = event.attempts >= MAX_ATTEMPTS
    ProviderEvent.objects.filter(pk=event.pk).update(
        state=State.FAILED if failed else State.RECEIVED,
        due_at=None if failed else at + timedelta(seconds=30 * 2**event.attempts),
        last_error=repr(error),
    )
