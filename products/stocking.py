"""The only code that moves stock. Every move is one conditional UPDATE and one ledger row."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from . import cdn, freshness
from .finding import keeping
from .models import StockItem, StockMovement

Reason = StockMovement.Reason
FEW = 5  # pages say how many are left: components/stock_state.html


class NotEnough(Exception):
    """Less is left than was asked for. `variant_ids` names which."""

    def __init__(self, variant_ids: list[int]) -> None:
        super().__init__(variant_ids)
        self.variant_ids = variant_ids


@transaction.atomic
def reserve(quantities: Mapping[int, int], *, reference: str, at: datetime) -> None:
    """Promise goods to an order. Keys are variant ids; all are promised or none.

    Raises NotEnough naming every variant that is short.
    """
    missing = []
    # In key order, or two baskets in opposite order would wait for each other for ever.
    for variant_id, quantity in sorted(quantities.items()):
        # Check and take in one statement: two shoppers cannot both get the last one.
        enough = StockItem.objects.filter(
            variant_id=variant_id, on_hand__gte=F("reserved") + quantity
        )
        if not enough.update(reserved=F("reserved") + quantity):
            missing.append(variant_id)
    if missing:
        raise NotEnough(missing)
    _log(quantities, Reason.RESERVED, reference=reference, at=at, reserved=1)
    _tell_shoppers({variant_id: -quantity for variant_id, quantity in quantities.items()})


@transaction.atomic
def release(quantities: Mapping[int, int], *, reference: str, at: datetime) -> None:
    """Take a promise back: the order was not paid."""
    for variant_id, quantity in sorted(quantities.items()):
        _item(variant_id).update(reserved=F("reserved") - quantity)
    _log(quantities, Reason.RELEASED, reference=reference, at=at, reserved=-1)
    _tell_shoppers(quantities)


@transaction.atomic
def sell(quantities: Mapping[int, int], *, reference: str, at: datetime) -> None:
    """Turn a promise into a sale: the goods leave the shelf and the promise with them."""
    for variant_id, quantity in sorted(quantities.items()):
        _item(variant_id).update(on_hand=F("on_hand") - quantity, reserved=F("reserved") - quantity)
    _log(quantities, Reason.SOLD, reference=reference, at=at, on_hand=-1, reserved=-1)


@transaction.atomic
def take_back(
    quantities: Mapping[int, int], *, reference: str, by: User | None, at: datetime
) -> None:
    """Put sold goods on the shelf again: they came back, or never left."""
    for variant_id, quantity in sorted(quantities.items()):
        _item(variant_id).update(on_hand=F("on_hand") + quantity)
    _log(quantities, Reason.RETURNED, reference=reference, by=by, at=at, on_hand=1)
    _tell_shoppers(quantities)


@transaction.atomic
def adjust(
    variant_id: int,
    change: int,
    *,
    reason: StockMovement.Reason,
    by: User | None,
    at: datetime,
    note: str = "",
) -> None:
    """Add goods to the shelf, or take them off. Creates the variant's stock item if need be.

    Raises NotEnough rather than take away what is promised.
    """
    StockItem.objects.get_or_create(variant_id=variant_id)
    item = _item(variant_id).filter(on_hand__gte=F("reserved") - change)
    if not item.update(on_hand=F("on_hand") + change):
        raise NotEnough([variant_id])
    _log({variant_id: change}, reason, by=by, at=at, note=note, on_hand=1)
    _tell_shoppers({variant_id: change})


def _tell_shoppers(changes: Mapping[int, int]) -> None:
    """Pages have changed if a variant had, or now has, so few left that they say it.

    The rows are locked, so what is read is what this change made of them.
    """
    left = F("on_hand") - F("reserved")
    items = StockItem.objects.filter(variant_id__in=changes).values_list("variant_id", left)
    moves = [(each, now - changes[each], now) for each, now in items]
    if turned := [each for each, before, now in moves if (before > 0) != (now > 0)]:
        # After the commit: whoever waited here for a list's row would keep all buyers waiting.
        transaction.on_commit(partial(keeping.refresh_variants, turned), robust=True)
    if told := [each for each, before, now in moves if min(before, now) <= FEW]:
        freshness.changed()
        cdn.forget_variants(told)


def _item(variant_id: int) -> Any:
    return StockItem.objects.filter(variant_id=variant_id)


def _log(
    quantities: Mapping[int, int],
    reason: StockMovement.Reason,
    *,
    at: datetime,
    on_hand: int = 0,
    reserved: int = 0,
    reference: str = "",
    note: str = "",
    by: User | None = None,
) -> None:
    StockMovement.objects.bulk_create(
        StockMovement(
            item_id=variant_id,
            reason=reason,
            on_hand_change=on_hand * quantity,
            reserved_change=reserved * quantity,
            reference=reference,
            note=note,
            moved_by=by,
            moved_at=at,
        )
        for variant_id, quantity in sorted(quantities.items())
    )
