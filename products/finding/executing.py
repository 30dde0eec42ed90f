"""How the database is asked: each search has a plan of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def planned_each_time() -> Iterator[None]:
    """PostgreSQL plans every statement in here for the very values it is asked with.

    A prepared statement soon has one plan for all values. That is no good where one word is in
    every product and the next in three: at 100,000 products searches took three times as long.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    threshold, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = threshold
