"""The only code that moves stock. Every move is one UPDATE under its rows' locks, and a ledger."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from . import cdn, freshness
from .finding import keeping
from .models import StockItem, StockMovement

Reason = StockMovement.Reason
FEW = 5  # pages say how many are left: components/stock_state.html
# Part of every order, so written out: put together by the ORM each time, they would cost it three
# times as much. For all its lines at once, on PostgreSQL and SQLite.
LOCK = """
    SELECT variant_id, on_hand - reserved FROM products_stockitem
    WHERE variant_id IN ({rows}) ORDER BY variant_id {lock}
"""
# Both databases call the columns of VALUES so.
MOVE = """
    UPDATE products_stockitem
    SET on_hand = on_hand + %s * moved.column2, reserved = reserved + %s * moved.column2
    FROM (VALUES {rows}) AS moved
    WHERE variant_id = moved.column1
"""
RECORD = """
    INSERT INTO products_stockmovement (
        item_id, reason, on_hand_change, reserved_change, reference, note, moved_by_id, moved_at
    ) VALUES {rows}
"""


class NotEnough(Exception):
    """Less is left than was asked for. `variant_ids` names which."""

    def __init__(self, variant_ids: list[int]) -> None:
        super().__init__(variant_ids)
        self.variant_ids = variant_ids


def reserve(quantities: Mapping[int, int], *, reference: str, at: datetime) -> None:
    """Promise goods to an order. Keys are variant ids; all are promised or none.

    Raises NotEnough naming every variant that is short.
    """
    _move(quantities, Reason.RESERVED, reserved=1, reference=reference, at=at)


def release(quantities: Mapping[int, int], *, reference: str, at: datetime) -> None:
    """Take a promise back: the order was not paid."""
    _move(quantities, Reason.RELEASED, reserved=-1, reference=reference, at=at)


def sell(quantities: Mapping[int, int], *, reference: str, at: datetime) -> None:
    """Turn a promise into a sale: the goods leave the shelf and the promise with them."""
    _move(quantities, Reason.SOLD, on_hand=-1, reserved=-1, reference=reference, at=at)


def take_back(
    quantities: Mapping[int, int], *, reference: str, by: User | None, at: datetime
) -> None:
    """Put sold goods on the shelf again: they came back, or never left."""
    _move(quantities, Reason.RETURNED, on_hand=1, reference=reference, by=by, at=at)


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
    _move({variant_id: change}, reason, on_hand=1, note=note, by=by, at=at)


def _move(
    quantities: Mapping[int, int],
    reason: str,
    *,
    on_hand: int = 0,
    reserved: int = 0,
    at: datetime,
    reference: str = "",
    note: str = "",
    by: User | None = None,
) -> None:
    """Change what lies on the shelf and what is promised, by so much for each piece.

    Raises NotEnough, before anything is written, where more would be promised than there is.
    """
    if not quantities:
        return
    freed = on_hand - reserved
    with transaction.atomic(savepoint=False):
        left = _locked(quantities)
        short = [its for its, count in quantities.items() if left.get(its, 0) + freed * count < 0]
        if not short:
            _run(MOVE, quantities.items(), before=[on_hand, reserved])
            why = [reference, note, by and by.pk, connection.ops.adapt_datetimefield_value(at)]
            moves = (
                (its, reason, on_hand * n, reserved * n, *why) for its, n in quantities.items()
            )
            _run(RECORD, moves)
            if freed:
                changes = {its: freed * count for its, count in quantities.items()}
                _tell_shoppers(left, changes, at=at)
    if short:
        raise NotEnough(sorted(short))


def _locked(variant_ids: Mapping[int, int]) -> dict[int, int]:
    """How many of each can be promised; until the transaction ends nobody else moves them.

    In key order, or two baskets in opposite order would wait for each other for ever. SQLite needs
    no lock: its writers queue from the start.
    """
    rows = ", ".join(["%s"] * len(variant_ids))
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(rows=rows, lock=lock), list(variant_ids))
        return dict(cursor.fetchall())


def _run(statement: str, rows: Iterable[tuple[Any, ...]], *, before: Sequence[int] = ()) -> None:
    """`before`: the values that stand before the rows."""
    filled = list(rows)
    places = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in filled)
    with connection.cursor() as cursor:
        values = [*before, *(value for row in filled for value in row)]
        cursor.execute(statement.format(rows=places), values)


def _tell_shoppers(before: Mapping[int, int], changes: Mapping[int, int], *, at: datetime) -> None:
    """Pages have changed if a variant had, or now has, so few left that they say it."""
    moves = [(each, before[each], before[each] + change) for each, change in changes.items()]
    if turned := [each for each, was, now in moves if (was > 0) != (now > 0)]:
        keeping.owe(turned, at=at)
    if told := [each for each, was, now in moves if min(was, now) <= FEW]:
        freshness.changed()
        cdn.forget_variants(told)
