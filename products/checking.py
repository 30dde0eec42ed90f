"""What must always hold of stock and prices, asked of the live data. One query each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from .models import PlannedPrice, Price, PriceChange, StockItem

# A planned price that is later than this found no beat, or a fault.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Breach:
    """Something that must hold and does not: what, of which row, and what was found."""

    invariant: str
    subject: str
    detail: str


def breaches(*, at: datetime) -> Iterator[Breach]:
    """Every breach in the catalogue; none is what a healthy shop yields."""
    yield from _stock_beside_its_ledger()
    yield from _stock_that_cannot_be()
    yield from _prices_beside_their_log()
    yield from _logged_prices_that_are_gone()
    yield from _plans_overdue(at)


def _stock_beside_its_ledger() -> Iterator[Breach]:
    items = StockItem.objects.annotate(
        ledger_on_hand=Coalesce(Sum("movements__on_hand_change"), 0),
        ledger_reserved=Coalesce(Sum("movements__reserved_change"), 0),
    ).exclude(on_hand=F("ledger_on_hand"), reserved=F("ledger_reserved"))
    for item in items.select_related("variant"):
        yield Breach(
            "stock equals its ledger",
            item.variant.sku,
            f"on the shelf {item.on_hand}, ledger {item.ledger_on_hand}; "
            f"promised {item.reserved}, ledger {item.ledger_reserved}",
        )


def _stock_that_cannot_be() -> Iterator[Breach]:
    impossible = Q(on_hand__lt=0) | Q(reserved__lt=0) | Q(reserved__gt=F("on_hand"))
    for item in StockItem.objects.filter(impossible).select_related("variant"):
        yield Breach(
            "no stock below zero, no more promised than there is",
            item.variant.sku,
            f"on the shelf {item.on_hand}, promised {item.reserved}",
        )


def _prices_beside_their_log() -> Iterator[Breach]:
    last = _same(PriceChange.objects.all()).order_by("-pk")
    prices = Price.objects.annotate(
        logged_amount=Subquery(last.values("new_amount")[:1]),
        logged_compare_at=Subquery(last.values("new_compare_at")[:1]),
    )
    same_reduction = Q(compare_at=F("logged_compare_at")) | Q(
        compare_at=None, logged_compare_at=None
    )
    as_logged = prices.filter(same_reduction, amount=F("logged_amount"))
    differing = prices.exclude(pk__in=as_logged.values("pk"))
    for price in differing.select_related("variant"):
        yield Breach(
            "a price is the last one in its log",
            f"{price.variant.sku} {price.currency}",
            f"{price.amount} before {price.compare_at}, "
            f"logged {price.logged_amount} before {price.logged_compare_at}",
        )


def _logged_prices_that_are_gone() -> Iterator[Breach]:
    gone = PriceChange.objects.filter(~Exists(_same(Price.objects.all())))
    for sku, currency in gone.order_by().values_list("variant__sku", "currency").distinct():
        yield Breach("a price is the last one in its log", f"{sku} {currency}", "no price any more")


def _plans_overdue(at: datetime) -> Iterator[Breach]:
    for plan in PlannedPrice.objects.due(at - PATIENCE).select_related("variant"):
        yield Breach(
            "planned prices are applied within ten minutes",
            f"{plan.variant.sku} {plan.currency}",
            f"{plan.amount} from {plan.starts_at.isoformat()} on",
        )


def _same(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the same variant and currency as the row that is asked about."""
    return rows.filter(variant=OuterRef("variant"), currency=OuterRef("currency"))
