"""The search of the admin on SQLite. Shoppers have `products.finding`."""

from typing import Any

from wagtail.search.backends.database.sqlite.sqlite import SQLiteSearchBackend


class SearchBackend(SQLiteSearchBackend):
    """The library puts a query between quotation marks and leaves those within it as they are."""

    def _search(self, compiler: Any, query: Any, *args: Any, **options: Any) -> Any:
        words = query.replace('"', " ").strip() if isinstance(query, str) else query
        return super()._search(compiler, words, *args, **options)
