"""Changing a price, and saying so in the log."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from . import cdn, freshness
from .finding import keeping
from .models import PlannedPrice, Price, PriceChange, Variant

# How far back an announced reduction must look: Directive 98/6/EC, Art. 6a(2).
WINDOW = timedelta(days=30)


class NothingBefore(Exception):
    """No price was ever asked in this currency: there is nothing to reduce or to return to."""


@transaction.atomic
def set_price(
    variant: Variant,
    amount: Decimal,
    *,
    currency: str,
    compare_at: Decimal | None = None,
    by: User | None,
    at: datetime,
    reason: str = "",
    plan: PlannedPrice | None = None,
) -> None:
    """Make `amount` (major units) the price from now on. The same again writes nothing.

    Several variants in one transaction: in key order. Raises NothingBefore for a first price that
    claims to be reduced.
    """
    lock(variant.pk)
    old = Price.objects.filter(variant=variant, currency=currency).first()
    if old and (old.amount, old.compare_at) == (amount, compare_at):
        return
    Price.objects.update_or_create(
        variant=variant,
        currency=currency,
        defaults={
            "amount": amount,
            "compare_at": compare_at,
            "lowest_before": _lowest_before(old, amount, at=at) if compare_at else None,
        },
    )
    PriceChange.objects.create(
        variant=variant,
        currency=currency,
        old_amount=old.amount if old else None,
        new_amount=amount,
        old_compare_at=old.compare_at if old else None,
        new_compare_at=compare_at,
        changed_by=by,
        reason=reason,
        plan=plan,
        changed_at=at,
    )
    freshness.changed()
    cdn.forget_variants([variant.pk])
    keeping.refresh_products([variant.product_id])


def lock(variant_id: int) -> Variant:
    """Whoever changes or plans a variant's prices queues here until the transaction ends.

    The variant, because a price may not be there yet. Orders may refer to it all the while.
    """
    return Variant.objects.select_for_update(no_key=True).get(pk=variant_id)


def lowest_price(
    variant_id: int, *, currency: str, since: datetime, until: datetime
) -> Decimal | None:
    """The lowest price that was in force at some time in between; None if there was none yet."""
    log = PriceChange.objects.filter(
        variant=variant_id, currency=currency, changed_at__lt=until
    ).order_by("pk")
    return lowest_in(log.values_list("changed_at", "new_amount"), since=since)


def lowest_in(log: Iterable[tuple[datetime, Decimal]], *, since: datetime) -> Decimal | None:
    """The lowest price in force since then, out of moments and prices in the order of writing.

    Counts the price that was set earlier and still held at `since`.
    """
    # By moment: of several at one, as when beat catches up, shoppers only ever saw the last.
    in_force = dict(log)
    held_at_the_start = [amount for moment, amount in in_force.items() if moment <= since][-1:]
    set_within = [amount for moment, amount in in_force.items() if moment > since]
    return min(held_at_the_start + set_within, default=None)


def lowest_before(
    old: Price | None, amount: Decimal, look_back: Callable[[Price], Decimal | None]
) -> Decimal:
    """What Art. 6a wants named beside a price that is reduced from `old` to `amount`.

    `look_back` gives the lowest price of the `WINDOW` before. Raises NothingBefore.
    """
    if old is None:
        raise NothingBefore
    if old.lowest_before is not None and amount <= old.amount:
        # One reduction that grows without a break: Art. 6a(5) lets the price before its first step
        # stand (PAngV § 11(2)). One that was raised in between is a new one and looks back anew.
        return old.lowest_before
    lowest = look_back(old)
    return old.amount if lowest is None else lowest


def _lowest_before(old: Price | None, amount: Decimal, *, at: datetime) -> Decimal:
    def look_back(price: Price) -> Decimal | None:
        since = at - WINDOW
        return lowest_price(price.variant_id, currency=price.currency, since=since, until=at)

    return lowest_before(old, amount, look_back)
