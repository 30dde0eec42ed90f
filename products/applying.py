"""What is planned comes true: beat applies it in the order of the moments, each once."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from . import pricing
from .models import PlannedPrice, Price

logger = logging.getLogger(__name__)


def apply_all_due(*, at: datetime) -> None:
    """Apply every plan whose moment has come, variant by variant."""
    due = PlannedPrice.objects.due(at).order_by("variant").values_list("variant", flat=True)
    for variant_id in due.distinct():
        try:
            apply_due(variant_id, at=at)
        except DatabaseError:
            # The other variants do not wait for this one; `checking` shows what stays behind.
            logger.exception("planned price of variant %s not applied", variant_id)


@transaction.atomic
def apply_due(variant_id: int, *, at: datetime) -> None:
    """Apply one variant's due plans, the oldest first, so that the latest is what holds."""
    # Two beats: the second waits here, and then finds nothing that is still pending.
    variant = pricing.lock(variant_id)
    due = PlannedPrice.objects.due(at).filter(variant=variant).select_related("planned_by")
    # Read one by one: a sale settles what its end returns to.
    while plan := due.first():
        before = Price.objects.filter(variant=variant, currency=plan.currency).first()
        pricing.set_price(
            variant,
            plan.amount,
            currency=plan.currency,
            compare_at=plan.compare_at if before else None,  # a first price is no reduction
            by=plan.planned_by,
            at=at,
            reason=plan.reason,
            plan=plan,
        )
        if before:
            _settle_end(plan, before)
        else:
            _forget_end(plan, at=at)
        PlannedPrice.objects.filter(pk=plan.pk).update(applied_at=at)


def _settle_end(sale: PlannedPrice, before: Price) -> None:
    """A sale returns to what it replaced, though that may have changed since it was planned."""
    PlannedPrice.objects.pending().filter(ends=sale).update(
        amount=before.amount, compare_at=before.compare_at
    )


def _forget_end(sale: PlannedPrice, *, at: datetime) -> None:
    """Of a price that was the first there is nothing to return to."""
    PlannedPrice.objects.pending().filter(ends=sale).update(withdrawn_at=at)
