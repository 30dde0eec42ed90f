"""What prices will be at a moment to come, if nothing happens but what is planned."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from . import pricing
from .models import PlannedPrice, Price, PriceChange


def next_changes(
    product_ids: Iterable[int | None], *, currency: str, at: datetime
) -> list[datetime]:
    """The moments after `at` for which prices of these products are planned, the next one first."""
    plans = PlannedPrice.objects.pending().filter(
        variant__product__in=product_ids, currency=currency, starts_at__gt=at
    )
    return sorted(set(plans.values_list("starts_at", flat=True)))


Log = list[tuple[datetime, Decimal]]


def logs(variant_ids: Iterable[int], *, currency: str) -> dict[int, Log]:
    """By variant: the moments and prices of its log, in the order of writing. One query."""
    found: dict[int, Log] = defaultdict(list)
    of_these = PriceChange.objects.filter(variant__in=list(variant_ids), currency=currency)
    for change in of_these.order_by("pk"):
        found[change.variant_id].append((change.changed_at, change.new_amount))
    return found


def prices(variant_ids: Iterable[int], *, currency: str, at: datetime) -> dict[int, Price]:
    """By variant: the price as it will stand at `at`, in rows that are not for saving.

    Plans follow one another by the rules of `applying.apply_due`. Three queries.
    """
    variant_ids = list(variant_ids)
    of_these = {"variant__in": variant_ids, "currency": currency}
    future = _Future(Price.objects.filter(**of_these), logs(variant_ids, currency=currency))
    for plan in PlannedPrice.objects.due(at).filter(**of_these):
        future.apply(plan)
    return future.prices


class _Future:
    """Prices and their log, carried on in memory."""

    def __init__(self, prices: Iterable[Price], logs: dict[int, Log]) -> None:
        self.prices = {price.variant_id: price for price in prices}
        self._logs = logs
        self._replaced: dict[int, Price] = {}  # by plan: what its end returns to
        self._first: set[int | None] = set()  # plans that set a first price

    def apply(self, plan: PlannedPrice) -> None:
        old = self.prices.get(plan.variant_id)
        if plan.ends_id in self._first:
            return  # there was nothing to return to
        returns_to = self._replaced.get(plan.ends_id or 0, plan)
        if old:
            self._replaced[plan.pk] = old
        else:
            self._first.add(plan.pk)
        amount, compare_at = returns_to.amount, returns_to.compare_at if old else None
        if old and (old.amount, old.compare_at) == (amount, compare_at):
            return
        log = self._logs[plan.variant_id]
        self.prices[plan.variant_id] = Price(
            variant_id=plan.variant_id,
            currency=plan.currency,
            amount=amount,
            compare_at=compare_at,
            lowest_before=_lowest_before(old, amount, log, plan) if compare_at else None,
        )
        log.append((plan.starts_at, amount))


def _lowest_before(old: Price | None, amount: Decimal, log: Log, plan: PlannedPrice) -> Decimal:
    since = plan.starts_at - pricing.WINDOW
    earlier = [(moment, price) for moment, price in log if moment < plan.starts_at]
    return pricing.lowest_before(
        old, amount, lambda _price: pricing.lowest_in(earlier, since=since)
    )
