"""Prices for later, as people plan them. `replanning` changes plans, `applying` makes them true."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from . import applying, pricing
from .models import PlannedPrice, Price, Variant


class InThePast(Exception):
    """A plan is for a moment to come, and a sale ends after it has begun."""


class MomentTaken(Exception):
    """Another plan for this variant and currency starts, or another sale ends, at this moment."""


class Crossing(Exception):
    """Two plans would undo each other: one begins within the time of the other and outlasts it.

    Or a sale would end before it begins.
    """


class Undone(Crossing):
    """The end of a sale that runs would undo this price."""


@transaction.atomic
def plan_price(
    variant: Variant,
    amount: Decimal,
    *,
    currency: str,
    compare_at: Decimal | None = None,
    starts_at: datetime,
    until: datetime | None = None,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> PlannedPrice:
    """Plan a price (major units); with `until`, also the return to the one before.

    Raises InThePast, MomentTaken, Crossing, or NothingBefore if there is nothing to reduce or
    return to.
    """
    if starts_at <= at:
        raise InThePast
    pricing.lock(variant.pk)
    _refuse_crossing(variant, currency, starts_at, until)
    before = _held_before(variant, currency, starts_at)
    if before is None and (compare_at is not None or until):
        raise pricing.NothingBefore
    who: dict[str, Any] = {
        "variant": variant, "currency": currency, "reason": reason, "by": by, "at": at
    }  # fmt: skip
    plan = write(amount, compare_at, starts_at=starts_at, **who)
    if before and until:
        _end(until, before, after=starts_at, ends=plan, **who)
    return plan


@transaction.atomic
def set_price_now(
    variant: Variant,
    amount: Decimal,
    *,
    currency: str,
    compare_at: Decimal | None = None,
    until: datetime | None = None,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """A person changes the price at once; with `until`, plans the return to the one before.

    Within a sale that runs, a reduction is that sale at another price, and any other price is its
    end. Raises InThePast, MomentTaken, Crossing or NothingBefore.
    """
    # What was due comes first: beat may be a minute late, and must not undo this then.
    applying.apply_due(variant.pk, at=at)
    before = Price.objects.filter(variant=variant, currency=currency).first()
    if before is None and until:
        raise pricing.NothingBefore
    if until:
        _refuse_crossing(variant, currency, at, until)
    elif compare_at is None:
        _end_sales(variant, currency, amount, by=by, at=at)
    pricing.set_price(
        variant, amount, currency=currency, compare_at=compare_at, by=by, at=at, reason=reason
    )
    if before and until:
        who: dict[str, Any] = {
            "variant": variant, "currency": currency, "reason": reason, "by": by, "at": at
        }  # fmt: skip
        sale = write(amount, compare_at, starts_at=at, applied_at=at, **who)
        _end(until, before, after=at, ends=sale, **who)


def _held_before(variant: Variant, currency: str, moment: datetime) -> Price | PlannedPrice | None:
    """What will be in force right before `moment`, as far as is known today."""
    of_this = {"variant": variant, "currency": currency}
    earlier = Q(starts_at__lt=moment) | Q(starts_at=moment, ends__isnull=False)
    planned = PlannedPrice.objects.pending().filter(earlier, **of_this)
    return planned.last() or Price.objects.filter(**of_this).first()


def _end(until: datetime, before: Price | PlannedPrice, *, after: datetime, **plan: Any) -> None:
    """Plan the return to the price `before`."""
    if until <= after:
        raise InThePast
    write(before.amount, before.compare_at, starts_at=until, **plan)


def _refuse_crossing(
    variant: Variant, currency: str, starts_at: datetime, until: datetime | None
) -> None:
    """A sale may lie within another, whose end then holds. Raises Crossing for all else."""
    pending = PlannedPrice.objects.pending().filter(variant=variant, currency=currency)
    if until:
        crossed = pending.filter(starts_at__gt=starts_at, starts_at__lt=until)
    else:  # for good, and yet the end of a sale would undo it
        crossed = pending.filter(ends__starts_at__lt=starts_at, starts_at__gt=starts_at)
    if crossed.exists():
        raise Crossing


def _end_sales(
    variant: Variant, currency: str, amount: Decimal, *, by: User | None, at: datetime
) -> None:
    """A price for good ends the sales that run. Raises Undone if it is lower than what follows.

    Then nobody can tell a sale at another price, whose end must stay, from a price for good.
    """
    ends = PlannedPrice.objects.pending().filter(ends__applied_at__isnull=False)
    ends = ends.filter(variant=variant, currency=currency)
    if ends.filter(amount__gt=amount).exists():
        raise Undone
    ends.update(withdrawn_by=by, withdrawn_at=at)


def write(
    amount: Decimal,
    compare_at: Decimal | None,
    *,
    variant: Variant,
    currency: str,
    starts_at: datetime,
    reason: str,
    by: User | None,
    at: datetime,
    ends: PlannedPrice | None = None,
    applied_at: datetime | None = None,
) -> PlannedPrice:
    """Write a plan down, under the variant's lock. Raises MomentTaken."""
    same_moment = {"variant": variant, "currency": currency, "starts_at": starts_at}
    # At the moment at which one sale ends another may begin.
    like = PlannedPrice.objects.pending().filter(ends__isnull=ends is None)
    if like.filter(**same_moment).exists():
        raise MomentTaken
    return PlannedPrice.objects.create(
        **same_moment,
        amount=amount,
        compare_at=compare_at,
        ends=ends,
        reason=reason,
        planned_by=by,
        planned_at=at,
        applied_at=applied_at,
    )
