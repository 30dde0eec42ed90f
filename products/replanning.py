"""Second thoughts about prices for later: plans are withdrawn, changed, and ends of sales moved."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from . import planning, pricing
from .models import PlannedPrice


class TooLate(Exception):
    """The plan has been applied or withdrawn meanwhile."""


@transaction.atomic
def withdraw(plan: PlannedPrice, *, by: User | None, at: datetime) -> None:
    """Let a plan come to nothing, and the end of the sale with it. Raises TooLate."""
    pricing.lock(plan.variant_id)
    withdrawn = {"withdrawn_by": by, "withdrawn_at": at}
    if not PlannedPrice.objects.pending().filter(pk=plan.pk).update(**withdrawn):
        raise TooLate
    PlannedPrice.objects.pending().filter(ends=plan).update(**withdrawn)


@transaction.atomic
def replace(
    plan: PlannedPrice, amount: Decimal, *, by: User | None, at: datetime, **changes: Any
) -> PlannedPrice:
    """Change a plan: the old one is withdrawn and stays on record. `changes` as for `plan_price`.

    Raises Crossing for the end of a sale, which only moves; TooLate; and what `plan_price` raises.
    Then the old plan stands.
    """
    if plan.ends_id:
        raise planning.Crossing
    withdraw(plan, by=by, at=at)
    return planning.plan_price(
        plan.variant, amount, currency=plan.currency, by=by, at=at, **changes
    )


@transaction.atomic
def move_end(
    end: PlannedPrice, to: datetime, *, by: User | None, at: datetime, reason: str = ""
) -> PlannedPrice:
    """Let a sale end earlier or later, but for no other plan's moment on the way.

    It returns to the same price. The old end is withdrawn and stays on record.
    Raises TooLate, InThePast, MomentTaken, or Crossing; then the old end stands.
    """
    if to <= at:
        raise planning.InThePast
    withdraw(end, by=by, at=at)
    # What the sale returns to may have been settled meanwhile.
    end = PlannedPrice.objects.select_related("ends").get(pk=end.pk)
    sale, of_this = end.ends, {"variant": end.variant_id, "currency": end.currency}
    first, last = sorted([end.starts_at, to])
    between = {"starts_at__gte": first, "starts_at__lt": last}
    on_the_way = PlannedPrice.objects.pending().filter(**of_this, **between)
    if sale is None or to <= sale.starts_at or on_the_way.exists():
        raise planning.Crossing
    PlannedPrice.objects.filter(pk=end.pk).update(ends=None)
    who: dict[str, Any] = {
        "variant": end.variant, "currency": end.currency, "reason": reason, "by": by, "at": at
    }  # fmt: skip
    return planning.write(end.amount, end.compare_at, starts_at=to, ends=sale, **who)
