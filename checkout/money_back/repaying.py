"""Making refunds at the provider, which is never called inside a transaction."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from .. import gateways
from ..gateways.protocol import GatewayRefused
from ..models import Refund
from . import refunds, unanswered
from .refunding import SERIES

logger = logging.getLogger(__name__)
State = Refund.State

# Longer than the task may take, so that whoever held it is dead when it runs out.
LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = SERIES - 1
FIRST_PAUSE = timedelta(seconds=30)  # then twice as long each time


class TooOften(Exception):
    """The refund was tried as often as it may be."""


def due(at: datetime) -> QuerySet[Refund]:
    """Refunds to make or to ask about, that no worker holds."""
    unheld = Q(leased_until=None) | Q(leased_until__lte=at)
    return Refund.objects.filter(unheld, state__in=[State.OWED, State.PENDING], due_at__lte=at)


def make(refund_id: int, *, at: datetime) -> None:
    """Have one refund made, or ask how it goes, if that is due and nobody else is at it."""
    claimed = due(at).filter(pk=refund_id)
    # In one statement: of two workers one goes on.
    if not claimed.update(leased_until=at + LEASE, attempts=F("attempts") + 1):
        return
    refund = Refund.objects.select_related("attempt", "order").get(pk=refund_id)
    try:
        if refund.state == State.OWED and _tries(refund) > MOST_ATTEMPTS:
            raise TooOften  # whoever tried before was killed each time
        if refund.attempts > 1 and _was_made(refund, at=at):
            return
        status = gateways.get(refund.attempt.gateway).refund(refund)
        refunds.record(refund.attempt, status, at=at)
    except GatewayRefused as refused:
        if refund.reference:  # it was made, whatever is wrong with asking about it
            _put_off(refund, refused, at=at)
            return
        _look_around(refund, str(refused), at=at)
        _refuse(refund, str(refused), at=at)
    except Exception as error:  # any error: it is tried again, then shown to staff
        logger.warning("refund %s is put off: %s", refund.pk, type(error).__name__)
        _put_off(refund, error, at=at)


def _was_made(refund: Refund, *, at: datetime) -> bool:
    """Did an answer get lost, or somebody lose patience and make it at the provider's own desk?"""
    if refund.reference:
        return False  # long known: the provider is asked how it goes
    refunds.follow(refund.attempt, at=at)
    return Refund.objects.filter(pk=refund.pk).exclude(reference=None).exists()


@transaction.atomic
def _refuse(refund: Refund, why: str, *, at: datetime) -> Refund:
    """The provider will not give it back: the amount is free again, and staff must look."""
    order, _ = refunds.locked(refund.attempt)
    refund = Refund.objects.select_for_update().get(pk=refund.pk)
    refund.order, refund.leased_until = order, None
    if refund.state == State.OWED:
        refunds.move(refund, State.FAILED, why, at=at)
        refund.save()
    return refund


def _look_around(refund: Refund, why: str, *, at: datetime) -> None:
    """A refusal often means that somebody was faster at the provider's own desk."""
    Refund.objects.filter(pk=refund.pk, state=State.OWED).update(last_error=why)  # asked in vain
    try:
        refunds.follow(refund.attempt, at=at)
    except Exception as error:  # any error: the books are compared at night
        logger.warning("refunds of attempt %s: %s", refund.attempt_id, type(error).__name__)


def _tries(refund: Refund) -> int:
    """The try this is since somebody last asked for it, from 1."""
    return (refund.attempts - 1) % SERIES + 1


@transaction.atomic
def _put_off(refund: Refund, error: Exception, *, at: datetime) -> None:
    """Nobody knows what came of it: the amount stays taken. After the last try staff must look."""
    order, _ = refunds.locked(refund.attempt)
    given_up = refund.state == State.OWED and _tries(refund) >= MOST_ATTEMPTS
    pause = FIRST_PAUSE * 2 ** min(_tries(refund) - 1, MOST_ATTEMPTS)
    mine = Refund.objects.filter(pk=refund.pk, leased_until=refund.leased_until)
    changed = mine.update(
        leased_until=None,
        due_at=None if given_up else at + pause,
        last_error=repr(error)[:500],
    )
    if changed and given_up:
        unanswered.ask_staff(order, refund, at=at)
