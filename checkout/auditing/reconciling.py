"""Comparing the provider's books with ours, both ways.

What can be healed is healed first, by the functions that follow an event up. What still differs
then is written down for staff.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailing.breaches import Breach

from .. import gateways
from ..gateways.protocol import DisputeStatus, Gateway, Payment, RefundStatus, Status
from ..models import Audit, Dispute, PaymentAttempt, Refund
from ..money_back import disputes, refunds
from ..orders.balances import balance_of
from ..payments import inbox, paying
from . import findings

logger = logging.getLogger(__name__)
DAYS = 30
EDGE = timedelta(hours=1)  # clocks differ, and an answer may take its time

NOT_HERE = "every payment at the provider is booked here"
NOT_THERE = "every payment booked here is at the provider"
OTHER_AMOUNT = "payments agree in amount and currency"
REFUND_NOT_HERE = "every refund at the provider is booked here"
REFUND_NOT_THERE = "every refund booked here is at the provider"
OTHER_REFUND = "refunds agree in amount, currency and state"
DISPUTE_NOT_HERE = "every dispute at the provider is booked here"
OTHER_DISPUTE = "disputes agree in amount, currency and state"


@dataclass(frozen=True)
class Theirs:
    """What the provider has had since a moment, by its own names."""

    gateway: str
    since: datetime
    payments: Mapping[str, Status]
    refunds: Mapping[str, RefundStatus]
    disputes: Mapping[str, DisputeStatus]


def reconcile(gateway: str, *, at: datetime, days: int = DAYS) -> Audit:
    """Compare the last days with the provider, heal what can be healed, record what remains.

    Raises GatewayUnavailable; then the examination is left without an end.
    """
    audit = findings.begin(Audit.Kind.RECONCILIATION, at=at)
    # As far back as what is still open was looked for: it goes when it is right, not by its age.
    first = findings.oldest(Audit.Kind.RECONCILIATION) or at
    since = min(at, first) - timedelta(days=days)
    theirs = _read(gateway, gateways.get(gateway), since=since)
    _heal(theirs, at=at)
    breaches = _differences(theirs)
    if breaches:
        # People went on buying while we read: only what differs the second time, too, is wrong.
        seen = {(breach.invariant, breach.subject) for breach in breaches}
        again = _differences(_read(gateway, gateways.get(gateway), since=since))
        breaches = [breach for breach in again if (breach.invariant, breach.subject) in seen]
    return findings.record(Audit.Kind.RECONCILIATION, breaches, at=at, audit=audit)


def _differences(theirs: Theirs) -> list[Breach]:
    return [*_payments_differ(theirs), *_refunds_differ(theirs), *_disputes_differ(theirs)]


def _read(name: str, gateway: Gateway, *, since: datetime) -> Theirs:
    return Theirs(
        gateway=name,
        since=since,
        payments={one.reference: one for one in gateway.payments(since)},
        refunds={one.reference: one for one in gateway.refunds_since(since)},
        disputes={one.reference: one for one in gateway.disputes_since(since)},
    )


def _heal(theirs: Theirs, *, at: datetime) -> None:
    attempts = _attempts_by_key(theirs)
    for status in theirs.payments.values():
        attempt = attempts.get(status.attempt_key)
        # Under way is no news to an attempt that waits for it.
        if attempt and attempt.captured_minor is None and status.payment == Payment.PAID:
            _try(paying.settle, attempt, at=at)
    # After the payments: what they settled has its name at the provider now.
    paid = _attempts_by_payment(theirs)
    for differ, known, follow in (
        (_refunds_differ, theirs.refunds, refunds.follow),
        (_disputes_differ, theirs.disputes, disputes.follow),
    ):
        subjects = [known[breach.subject] for breach in differ(theirs) if breach.subject in known]
        for payment in {one.payment_reference for one in subjects} & paid.keys():
            _try(follow, paid[payment], at=at)


def _try(heal: Callable[..., object], attempt: PaymentAttempt, *, at: datetime) -> None:
    try:
        heal(attempt, at=at)
    except Exception as error:  # any error: what remains will be reported, and the rest is compared
        logger.warning("attempt %s is not healed: %s", attempt.pk, type(error).__name__)


def _payments_differ(theirs: Theirs) -> Iterator[Breach]:
    attempts = _attempts_by_key(theirs)
    for reference, status in theirs.payments.items():
        attempt = attempts.get(status.attempt_key)
        if status.payment != Payment.PAID:
            continue
        if attempt is None or attempt.captured_minor is None:
            money = f"{status.amount_minor} {status.currency} (smallest unit)"
            yield Breach(NOT_HERE, reference, f"{money}, attempt {status.attempt_key or 'unknown'}")
        elif _is_wrong(attempt, status) and balance_of(attempt).left:
            yield Breach(OTHER_AMOUNT, reference, _against(attempt, status))
    booked = PaymentAttempt.objects.filter(
        gateway=theirs.gateway,
        state=PaymentAttempt.State.PAID,
        created_at__gte=theirs.since + EDGE,
    )
    for attempt in booked.select_related("order").iterator():
        if attempt.reference not in theirs.payments:
            yield Breach(NOT_THERE, str(attempt.reference), f"order {attempt.order.number}")


def _is_wrong(attempt: PaymentAttempt, status: Status) -> bool:
    asked = (attempt.amount_minor, attempt.currency)
    booked = (attempt.captured_minor, attempt.captured_currency)
    return not asked == booked == (status.amount_minor, status.currency)


def _against(attempt: PaymentAttempt, status: Status) -> str:
    return (
        f"asked for {attempt.amount_minor} {attempt.currency}, "
        f"booked {attempt.captured_minor} {attempt.captured_currency}, "
        f"there {status.amount_minor} {status.currency} (smallest unit)"
    )


def _refunds_differ(theirs: Theirs) -> Iterator[Breach]:
    ours = {one.reference: one for one in Refund.objects.filter(reference__in=theirs.refunds)}
    for reference, status in theirs.refunds.items():
        refund = ours.get(reference)
        money = f"{status.amount_minor} {status.currency} (smallest unit), {status.repayment}"
        if refund is None:
            yield Breach(REFUND_NOT_HERE, reference, f"{money} of {status.payment_reference}")
        elif (refund.amount_minor, refund.currency, refunds.ENDS[status.repayment]) != (
            status.amount_minor,
            status.currency,
            refund.state,
        ):
            booked = f"{refund.amount_minor} {refund.currency}, {refund.state}"
            yield Breach(OTHER_REFUND, reference, f"here {booked}; there {money}")
    recent = Refund.objects.filter(
        attempt__gateway=theirs.gateway, created_at__gte=theirs.since + EDGE
    )
    for refund in recent.exclude(reference=None).select_related("order").iterator():
        if refund.reference not in theirs.refunds:
            yield Breach(REFUND_NOT_THERE, str(refund.reference), f"order {refund.order.number}")


def _disputes_differ(theirs: Theirs) -> Iterator[Breach]:
    ours = {one.reference: one for one in Dispute.objects.filter(reference__in=theirs.disputes)}
    for reference, status in theirs.disputes.items():
        taken = "taken" if status.funds_withdrawn else "not taken"
        there = (status.amount_minor, status.currency, status.quarrel.value, taken)
        if reference not in ours:
            yield Breach(DISPUTE_NOT_HERE, reference, f"of {status.payment_reference}")
            continue
        dispute = ours[reference]
        taken = "taken" if dispute.funds_withdrawn else "not taken"
        here = (dispute.amount_minor, dispute.currency, dispute.state, taken)
        if here != there:
            yield Breach(OTHER_DISPUTE, reference, f"here {here}; there {there}")


def _attempts_by_key(theirs: Theirs) -> dict[str, PaymentAttempt]:
    """Ours by the key the provider repeats, or by its own name where it repeats none."""
    attempts = PaymentAttempt.objects.filter(gateway=theirs.gateway).select_related("order")
    known = attempts.filter(reference__in=theirs.payments)
    by_key = {str(attempt.key): attempt for attempt in known}
    missing = {one.attempt_key for one in theirs.payments.values()} - by_key.keys()
    nameless = attempts.filter(key__in=filter(None, map(inbox.as_key, missing)))
    return by_key | {str(attempt.key): attempt for attempt in nameless}


def _attempts_by_payment(theirs: Theirs) -> dict[str, PaymentAttempt]:
    named = {one.payment_reference for one in theirs.refunds.values()}
    named |= {one.payment_reference for one in theirs.disputes.values()}
    attempts = PaymentAttempt.objects.filter(
        gateway=theirs.gateway, payment_reference__in=named - {""}
    )
    return {attempt.payment_reference: attempt for attempt in attempts}
