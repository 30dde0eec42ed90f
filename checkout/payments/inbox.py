"""What providers tell us. Written down first, followed up by a worker, never believed."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils import timezone

from mailing.plain import plain

from .. import gateways
from ..gateways.protocol import Notification
from ..models import OrderEvent, PaymentAttempt, ProviderEvent
from ..money_back import disputes, refunds
from . import paying

logger = logging.getLogger(__name__)
State = ProviderEvent.State
MAX_ATTEMPTS = 8
# Longer than the task may take, so that whoever held it is dead when it runs out.
LEASE = timedelta(seconds=30)
REPLAYABLE = (State.FAILED, State.UNMATCHED, State.QUARANTINED)

# The beginnings of the kinds that are followed up, and what follows. Nothing else concerns us.
SESSION = "checkout.session."
DECLINED = "payment_intent.payment_failed"
REFUNDS = ("refund.", "charge.refunded")
DISPUTE = "charge.dispute."
OURS = (SESSION, DECLINED, *REFUNDS, DISPUTE)

# Without a word for this long after a payment, something is wrong with the provider's calls.
QUIET = timedelta(minutes=10)


class TooOften(Exception):
    """The event was tried as often as it may be."""


class NothingToReplay(Exception):
    """The event was followed up, or is about to be."""


def receive(
    gateway: str, notifications: Iterable[Notification], *, at: datetime, by_webhook: bool = True
) -> int:
    """Store verified notifications, each once, and wake a worker for the new ones.

    Returns how many were new.
    """
    from ..tasks import handle_event

    count = 0
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
                    "account": note.account,
                    "livemode": note.livemode,
                    "payload": plain(note.payload),  # PostgreSQL stores no NUL
                    "by_webhook": by_webhook,
                    "received_at": at,
                    "due_at": at,
                },
            )
            if is_new:
                count += 1
                handle_event.wake(event.pk)
    return count


def replay(event: ProviderEvent, *, by: User | None, at: datetime) -> None:
    """Have an event followed up again that failed, belonged to nobody or was kept apart.

    Raises NothingToReplay.
    """
    from ..tasks import handle_event

    again = ProviderEvent.objects.filter(pk=event.pk, state__in=REPLAYABLE)
    with transaction.atomic():
        if not again.follow_up_again(at):
            raise NothingToReplay(event.event_id)
        ProviderEvent.objects.filter(pk=event.pk).update(replayed_by=by, replayed_at=at)
        handle_event.wake(event.pk)


def silence(at: datetime, *, gateway: str = gateways.DEFAULT) -> timedelta | None:
    """How long the provider has not called though payments were made. None while all is well."""
    delivered = ProviderEvent.objects.filter(gateway=gateway, by_webhook=True)
    last = delivered.aggregate(last=Max("received_at"))["last"]
    paid = PaymentAttempt.objects.filter(
        gateway=gateway, state=PaymentAttempt.State.PAID, settled_at__lte=at - QUIET
    )
    if last:
        paid = paid.filter(settled_at__gt=last + QUIET)
    first = paid.aggregate(first=Min("settled_at"))["first"]
    return at - (last or first) if first else None


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
    is_live = settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
    if event.livemode != is_live or event.account:
        logger.error("event %s is of another account or mode", event.event_id)
        return State.QUARANTINED
    if not event.kind.startswith(OURS):
        return State.IGNORED
    attempt = _attempt(event)
    if attempt is None:
        return State.UNMATCHED
    if event.kind.startswith((*REFUNDS, DISPUTE)):
        return _follow_money_back(event, attempt, at=at)
    if event.kind == DECLINED:
        # A line on the timeline; the buyer may try another card on the same page.
        OrderEvent.objects.get_or_create(
            order=attempt.order,
            kind=OrderEvent.Kind.PAYMENT_DECLINED,
            data={"event": event.event_id},
            defaults={"at": at},
        )
    else:
        paying.settle(attempt, at=at)
    return State.HANDLED


def _follow_money_back(
    event: ProviderEvent, attempt: PaymentAttempt, *, at: datetime
) -> ProviderEvent.State:
    if not attempt.payment_reference:  # what went back came before: nobody told us of that yet
        attempt = paying.settle(attempt, at=at)
    if not attempt.payment_reference:
        return State.UNMATCHED
    follow = disputes.follow if event.kind.startswith(DISPUTE) else refunds.follow
    follow(attempt, at=at)
    return State.HANDLED


def _attempt(event: ProviderEvent) -> PaymentAttempt | None:
    """By the provider's name, or by our own key where its answer has not reached us yet."""
    names = Q(reference=event.reference) if event.reference else Q(pk=None)
    if event.payment_reference:
        names |= Q(payment_reference=event.payment_reference)
    if key := as_key(event.attempt_key):
        names |= Q(key=key)
    return (
        PaymentAttempt.objects.filter(names, gateway=event.gateway).select_related("order").first()
    )


def as_key(text: str) -> UUID | None:
    """An attempt's key as the provider repeats it; None for anything else."""
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
