"""Writing down the rows that every order has."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def insert(row: Row) -> Row:
    """Write a new row and give it its id. As with `bulk_create`, no signals are sent.

    Raises what the database says of it: IntegrityError, DataError, OperationalError.
    """
    return insert_all([row])[0]


def insert_all(rows: Sequence[Row]) -> Sequence[Row]:
    """As `insert`, for several rows of one model, in one statement."""
    fields, statement = _statement(type(rows[0]), len(rows))
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        answer = cursor.fetchall()
    for row, (row_id,) in zip(rows, answer, strict=True):
        row.pk = row_id
        row._state.adding, row._state.db = False, connection.alias
    return rows


@cache
def _statement(
    model: type[models.Model], rows: int
) -> tuple[Sequence["models.Field[Any, Any]"], str]:
    """What is written of so many rows, and how: put together once, and not for each order."""
    meta = model._meta
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * rows)
    # Nothing of this comes from outside: the names are our models', the values travel beside it.
    statement = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {places}'  # noqa: S608
    return fields, f'{statement} RETURNING "{meta.pk.column}"'
