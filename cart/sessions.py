"""Sessions in the database that lose nothing when requests of one visitor run side by side."""

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

# Part of every request with a cart, so written out: put together by the ORM each time, the two
# would cost three times as much.
READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
REPLACE = """
    UPDATE django_session SET session_data = %s, expire_date = %s
    WHERE session_key = %s AND session_data = %s AND expire_date > %s
"""


class SessionStore(db.SessionStore):
    """Django's database sessions, but a save writes only the keys this request changed.

    Django's own save writes the whole session back, so of two requests at once the slower one
    undoes what the faster one did.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._before: dict[str, Any] = {}  # as it was read or written last,
        self._stored = ""  # and in the words of the row; empty if they are not known

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.session_key, _stored_as(timezone.now())])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data = self.decode(row[0])
        self._before, self._stored = copy.deepcopy(data), row[0]
        return data

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError when the session was deleted meanwhile: a logout stays a logout."""
        if must_create or self.session_key is None:
            super().save(must_create)
            self._before, self._stored = copy.deepcopy(self._session_cache), ""
            return
        after = dict(self.items())
        if self._stored and self._replace(self._merged(self._before, after)):
            return
        with transaction.atomic(savepoint=False):
            if row := self._locked_row():
                self._write(self._merged(row.get_decoded(), after))
        if row is None:
            raise UpdateError

    def change(self, name: str, change: Callable[[Any], Any]) -> None:
        """Replace one value by `change(value now)` at once: nothing another request did is lost.

        A visitor without a session gets one with the response. `change` sees None where there is
        nothing yet; what it raises leaves the session as it was. It may be called twice.
        """
        self.rewrite(lambda stored: {name: change(stored.get(name))})

    def rewrite(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """As `change`, for several values: those that `change(all that is stored)` names."""

        def changed(stored: dict[str, Any]) -> dict[str, Any]:
            return {**stored, **change(copy.deepcopy(stored))}

        self.items()  # reads it, unless that was done
        if self._stored and self._replace(changed(self._before)):
            return
        with transaction.atomic(savepoint=False):
            row = self._locked_row() if self.session_key else None
            if row is None:
                self.update(change(copy.deepcopy(dict(self.items()))))
            else:
                self._write(changed(row.get_decoded()))

    def _merged(self, stored: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        changed = {k: v for k, v in after.items() if k not in self._before or self._before[k] != v}
        deleted = self._before.keys() - after.keys()
        return {k: v for k, v in stored.items() if k not in deleted} | changed

    def _replace(self, data: dict[str, Any]) -> bool:
        """Write `data` if nobody has written since this request read: no lock, one statement.

        Requests of one visitor at once are rare; the slower one takes the lock and looks again.
        """
        encoded, until = self.encode(data), _stored_as(self.get_expiry_date())
        now = _stored_as(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(REPLACE, [encoded, until, self.session_key, self._stored, now])
            if not cursor.rowcount:
                return False
        self._know(data, encoded)
        return True

    def _write(self, data: dict[str, Any]) -> None:
        """Into the row that is locked."""
        encoded = self.encode(data)
        self._rows().update(session_data=encoded, expire_date=self.get_expiry_date())
        self._know(data, encoded)

    def _know(self, data: dict[str, Any], encoded: str) -> None:
        self._session_cache = data
        self._before, self._stored = copy.deepcopy(data), encoded

    def _locked_row(self) -> Any:
        return self._rows().select_for_update().first()

    def _rows(self) -> QuerySet[Any]:
        """This session's row, unless it has ended or was deleted."""
        rows: QuerySet[Any] = self.model.objects.filter(
            session_key=self.session_key, expire_date__gt=timezone.now()
        )
        return rows


def _stored_as(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
