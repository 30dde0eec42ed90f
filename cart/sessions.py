"""Sessions in the database that lose nothing when requests of one visitor run side by side."""

import copy
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import transaction
from django.utils import timezone


class SessionStore(db.SessionStore):
    """Django's database sessions, but a save writes only the keys this request changed.

    Django's own save writes the whole session back, so of two requests at once the slower one
    undoes what the faster one did.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._before: dict[str, Any] = {}

    def load(self) -> dict[str, Any]:
        data = super().load()
        self._before = copy.deepcopy(data)
        return data

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError when the session was deleted meanwhile: a logout stays a logout."""
        if must_create or self.session_key is None:
            super().save(must_create)
            self._before = copy.deepcopy(self._session_cache)
            return
        after = dict(self.items())
        with transaction.atomic():
            row = self._locked_row()
            if row is None:
                raise UpdateError
            self._write(row, self._merged(row.get_decoded(), after))

    def change(self, name: str, change: Callable[[Any], Any]) -> None:
        """Replace one value by `change(value now)` at once, under the lock of the session's row.

        A visitor without a session gets one with the response. `change` sees None where there is
        nothing yet; what it raises leaves the session as it was.
        """
        self.rewrite(lambda stored: {name: change(stored.get(name))})

    def rewrite(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """As `change`, for several values: those that `change(all that is stored)` names."""
        with transaction.atomic():
            row = self._locked_row() if self.session_key else None
            if row is None:
                self.update(change(copy.deepcopy(dict(self.items()))))
                return
            stored = row.get_decoded()
            self._write(row, {**stored, **change(stored)})

    def _locked_row(self) -> Any:
        return (
            self.model.objects.select_for_update()
            .filter(session_key=self.session_key, expire_date__gt=timezone.now())
            .first()
        )

    def _merged(self, stored: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        changed = {k: v for k, v in after.items() if k not in self._before or self._before[k] != v}
        deleted = self._before.keys() - after.keys()
        return {k: v for k, v in stored.items() if k not in deleted} | changed

    def _write(self, row: Any, data: dict[str, Any]) -> None:
        row.session_data = self.encode(data)
        row.expire_date = self.get_expiry_date()
        row.save(update_fields=["session_data", "expire_date"])
        self._session_cache = data
        self._before = copy.deepcopy(data)
