"""Wagtail's own search, which editors use in the admin. Shoppers have `products.finding`."""

from typing import Any

from wagtail.search.backends import database
from wagtail.search.backends.database.sqlite.sqlite import SQLiteSearchBackend


class PatientSearch(SQLiteSearchBackend):
    """The library puts a query between quotation marks and leaves those within it as they are."""

    def _search(self, compiler: Any, query: Any, *args: Any, **options: Any) -> Any:
        words = query.replace('"', " ").strip() if isinstance(query, str) else query
        return super()._search(compiler, words, *args, **options)


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802, the name Wagtail looks for
    """The one of the database."""
    backend = database.SearchBackend(params)
    return PatientSearch(params) if isinstance(backend, SQLiteSearchBackend) else backend
