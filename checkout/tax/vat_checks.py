"""Checking an order's VAT id with the register: owed as a row, done by a worker, never waited for.

The order is sold without VAT on the strength of a well-formed id. If the register then says that it
is not in force, or after days still says nothing, the order is held once it is paid, and staff ask
the buyer or find a proof. A mistyped id is put right by billing the order again
(`orders.rebilling`), and checked like the first. Without one that is in force VAT is owed, which
the buyer has not paid: the money goes back, and the goods are ordered again. Unpaid it runs out
like any other, because what is held keeps its goods, and an id is quickly made up.
"""

import logging
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from invoices.models import Seller

from ..models import Order, OrderEvent, VatCheck
from . import vies

logger = logging.getLogger(__name__)
State = VatCheck.State
# Longer than the task may take, so that whoever held the row is dead when it runs out.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=5)  # then twice as long each time,
LONGEST_PAUSE = timedelta(hours=24)  # up to a day: five days in all
# Sold without VAT, and why that may be wrong: what staff are asked about.
QUESTIONS = {
    State.INVALID: (
        "VAT id {} is not in force, but no VAT was charged. Ask the buyer: a mistyped id is put "
        "right by billing the order again; without one that is in force, give the money back and "
        "have it ordered again"
    ),
    State.UNANSWERED: "VAT id {} could not be checked for days, but no VAT was charged",
}


class BeingAsked(Exception):
    """A worker is asking about the order's id at this moment."""


def request(order: Order, *, at: datetime) -> None:
    """Have the id of an order that is sold without VAT because of it checked."""
    from ..tasks import check_vat_id

    if order.tax_treatment != Order.TaxTreatment.INTRA_COMMUNITY:
        return
    due_at = at if settings.VIES_URL else None  # nobody to ask
    check = VatCheck.objects.create(order=order, vat_id=order.vat_id, due_at=due_at)
    if due_at:
        check_vat_id.wake(check.pk)


def request_again(order: Order, *, at: datetime) -> None:
    """Have the id checked that an order has been given in place of another.

    In the transaction of the caller, who holds the order's lock. Raises BeingAsked.
    """
    from ..tasks import check_vat_id

    check = VatCheck.objects.select_for_update().filter(order=order).first()
    if check is None:
        request(order, at=at)
        return
    if check.leased_until and check.leased_until > at:
        raise BeingAsked(check.vat_id)  # the answer would be written beside the wrong id
    check.vat_id, check.state, check.attempts, check.checked_at = order.vat_id, State.DUE, 0, None
    check.registered_to = check.consultation = check.last_error = ""
    check.due_at = at if settings.VIES_URL else None
    check.save()
    if check.due_at:
        check_vat_id.wake(check.pk)


def due(at: datetime) -> QuerySet[VatCheck]:
    """Checks that wait, whose time has come and that no worker holds."""
    unheld = Q(leased_until=None) | Q(leased_until__lte=at)
    return VatCheck.objects.filter(unheld, state=State.DUE, due_at__lte=at)


def check_if_due(check_id: int, *, at: datetime) -> None:
    """Ask about one id, unless it is answered, not due yet, or in another worker's hands."""
    check = _claim(check_id, at=at)
    if check is None or not settings.VIES_URL:
        return
    try:
        answer = vies.ask(check.vat_id, requester=Seller.load().vat_id.replace(" ", ""))
    except (vies.NoAnswer, SoftTimeLimitExceeded) as silence:
        _put_off(check, str(silence), at=at)
    else:
        _write_down(check, answer, at=at)


def hold_if_refused(order: Order, *, at: datetime) -> None:
    """Keep an order that was sold in the house if nothing proves that its id is in force.

    In the transaction of the caller, who holds the order's lock.
    """
    if not order.vat_id or not order.paid_at:
        return
    check = VatCheck.objects.filter(order=order, state__in=QUESTIONS).first()
    if check:
        _hold(order, QUESTIONS[State(check.state)], at=at)


def _claim(check_id: int, *, at: datetime) -> VatCheck | None:
    """Take the lease in one statement: of two workers one changes the row, the other none."""
    claimed = due(at).filter(pk=check_id)
    if not claimed.update(leased_until=at + LEASE, attempts=F("attempts") + 1):
        return None
    return VatCheck.objects.get(pk=check_id)


@transaction.atomic
def _write_down(check: VatCheck, answer: vies.Answer, *, at: datetime) -> None:
    order = Order.objects.select_for_update().get(pk=check.order_id)
    check = VatCheck.objects.select_for_update().get(pk=check.pk)
    if check.state != State.DUE:
        return  # a slower worker than us was faster after all
    check.registered_to, check.consultation = answer.registered_to, answer.consultation
    _close(check, State.VALID if answer.is_valid else State.INVALID, at=at)
    _note(order, check, at=at)
    hold_if_refused(order, at=at)


def _put_off(check: VatCheck, why: str, *, at: datetime) -> None:
    """Ask again later; after days of silence leave it to staff."""
    logger.warning("VAT check %s: no answer to attempt %s", check.pk, check.attempts)
    check.last_error = why[:500]
    if check.attempts >= MOST_ATTEMPTS:
        _give_up(check, at=at)
        return
    pause = min(FIRST_PAUSE * 2 ** (check.attempts - 1), LONGEST_PAUSE)
    check.due_at, check.leased_until = at + pause, None
    check.save(update_fields=["due_at", "leased_until", "last_error"])


@transaction.atomic
def _give_up(check: VatCheck, *, at: datetime) -> None:
    order = Order.objects.select_for_update().get(pk=check.order_id)
    # Whoever held the row until its lease ran out may have had an answer after all.
    if not VatCheck.objects.select_for_update().filter(pk=check.pk, state=State.DUE).exists():
        return
    _close(check, State.UNANSWERED, at=at)
    _note(order, check, at=at)
    hold_if_refused(order, at=at)


def _close(check: VatCheck, state: VatCheck.State, *, at: datetime) -> None:
    check.state, check.checked_at, check.due_at, check.leased_until = state, at, None, None
    check.save()


def _note(order: Order, check: VatCheck, *, at: datetime) -> None:
    order.note(
        OrderEvent.Kind.VAT_ID_CHECKED,
        at=at,
        vat_id=check.vat_id,
        answer=str(check.get_state_display()),
        registered_to=check.registered_to,
        number=check.consultation,
    )


def _hold(order: Order, why: str, *, at: datetime) -> None:
    order.note(OrderEvent.Kind.NEEDS_REVIEW, at=at, why=why.format(order.vat_id))
    if not order.hold:
        order.hold, order.hold_since = Order.Hold.NEEDS_REVIEW, at
        order.save(update_fields=["hold", "hold_since"])
