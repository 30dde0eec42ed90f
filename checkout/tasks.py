"""Slow and periodic work. Tasks take ids, may run twice and find their work in the database."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import F
from django.utils import timezone

from . import gateways
from .auditing import reconciling
from .gateways.protocol import GatewayUnavailable
from .models import Order, PaymentAttempt, ProviderEvent
from .money_back import repaying
from .payments import catching_up, inbox, paying, scrubbing
from .tax import vat_checks

logger = logging.getLogger(__name__)
AT_ONCE = 100  # rows one sweep takes on


# Shorter than the lease of an event.
@shared_task(max_retries=2, soft_time_limit=20, time_limit=25)
def handle_event(event_id: int) -> None:
    """Follow one provider event up."""
    inbox.handle(event_id, at=timezone.now())


@shared_task
def sweep_events() -> None:
    """Follow up what no worker was woken for."""
    due = ProviderEvent.objects.filter(
        state=ProviderEvent.State.RECEIVED, due_at__lte=timezone.now()
    )
    for event_id in due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]:
        handle_event.delay(event_id)


@shared_task
def sweep_attempts() -> None:
    """Ask about payments the provider is silent on: a lost webhook is found here."""
    now = timezone.now()
    open_ones = PaymentAttempt.objects.filter(state__in=PaymentAttempt.LIVE, check_at__lte=now)
    for attempt in open_ones.select_related("order").order_by("check_at")[:AT_ONCE]:
        if _claim(attempt, now):
            _settle(attempt)


# Shorter than the lease of a refund.
@shared_task(max_retries=2, soft_time_limit=20, time_limit=25)
def make_refund(refund_id: int) -> None:
    """Have one refund made at the provider, or ask how it goes."""
    repaying.make(refund_id, at=timezone.now())


@shared_task
def sweep_refunds() -> None:
    """Make what no worker was woken for, and ask about what the bank is working on."""
    due = repaying.due(timezone.now()).order_by("due_at")
    for refund_id in due.values_list("pk", flat=True)[:AT_ONCE]:
        make_refund.delay(refund_id)


@shared_task
def catch_up() -> None:
    """Ask every provider for the events it could not deliver."""
    for gateway in gateways.GATEWAYS:
        try:
            catching_up.catch_up(gateway, at=timezone.now())
        except GatewayUnavailable as silence:  # the next hour covers this one
            logger.warning("%s tells nothing: %s", gateway, type(silence).__name__)


# A month of payments in pages of a hundred; nobody waits for it.
@shared_task(soft_time_limit=900, time_limit=960)
def reconcile() -> None:
    """Compare a month of payments, refunds and disputes with every provider, both ways."""
    for gateway in gateways.GATEWAYS:
        try:
            reconciling.reconcile(gateway, at=timezone.now())
        except GatewayUnavailable as silence:  # its examination is seen to have no end
            logger.warning("%s is not compared: %s", gateway, type(silence).__name__)


@shared_task
def scrub_events() -> None:
    """Forget the buyers in old provider events."""
    scrubbing.scrub(at=timezone.now())


@shared_task
def expire_orders() -> None:
    """Close unpaid orders whose promise has run out, after asking the provider."""
    now = timezone.now()
    under_way = PaymentAttempt.objects.filter(state=PaymentAttempt.State.PENDING)
    lapsed = Order.objects.lapsed(now).exclude(attempts__in=under_way)
    silences = 0
    for order in lapsed.order_by("expires_at")[:AT_ONCE]:
        try:
            paying.expire(order, at=timezone.now())
        except GatewayUnavailable as error:
            logger.warning("order %s is not expired yet: %s", order.number, type(error).__name__)
            silences += 1
            if silences == 3:  # the provider is away; the next run asks again
                return
        except Exception:  # one order's trouble must not keep the others' goods
            logger.exception("order %s cannot be expired", order.number)


# Shorter than the lease of a check.
@shared_task(max_retries=2, soft_time_limit=60, time_limit=90)
def check_vat_id(check_id: int) -> None:
    """Ask the register about one VAT id."""
    vat_checks.check_if_due(check_id, at=timezone.now())


@shared_task
def sweep_vat_checks() -> None:
    """Wake the checks nobody was woken for, and those to be tried again."""
    waiting = vat_checks.due(timezone.now()).order_by("due_at")
    for check_id in waiting.values_list("pk", flat=True)[:AT_ONCE]:
        check_vat_id.delay(check_id)


def _claim(attempt: PaymentAttempt, now: datetime) -> int:
    """Put the next look off, and tell whether this worker is the one to look now."""
    # A lost webhook is found within ten minutes; what takes days is asked for by the hour.
    page_is_open = now < attempt.expires_at + timedelta(minutes=10)
    wait = timedelta(minutes=5) if page_is_open else timedelta(hours=1)
    return PaymentAttempt.objects.filter(pk=attempt.pk, check_at=attempt.check_at).update(
        check_at=now + wait, checks=F("checks") + 1
    )


def _settle(attempt: PaymentAttempt) -> None:
    try:
        paying.settle(attempt, at=timezone.now())
    except Exception as error:  # any error: this one is asked about again later
        logger.warning("attempt %s: %s", attempt.pk, type(error).__name__)
        PaymentAttempt.objects.filter(pk=attempt.pk).update(last_error=repr(error))
