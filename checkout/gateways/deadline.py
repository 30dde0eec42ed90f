"""How long a provider may keep somebody waiting, all calls of one request together.

A worker waits as long as a call takes; a shopper does not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import Any

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter

PATIENCE = 12.0  # seconds; what a shopper is kept waiting at most
SHORTEST = 1.0  # a call that has less is not begun
_ends: ContextVar[float] = ContextVar("ends", default=inf)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whatever providers are asked meanwhile must be answered in so many seconds from now.

    Decorates functions, too. Within another deadline, the earlier one holds.
    """
    token = _ends.set(min(_ends.get(), monotonic() + seconds))
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float:
    """Endless where nobody waits."""
    return _ends.get() - monotonic()


class OutOfTime(RequestException):
    """Whoever waits has waited long enough, so the provider was not asked."""


class PunctualAdapter(HTTPAdapter):
    """Gives up on a call after `connect` and `read` seconds, and sooner if time runs out."""

    def __init__(self, *, connect: float, read: float) -> None:
        super().__init__()
        self._connect, self._read = connect, read

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Raises OutOfTime, or what `requests` raises."""
        left = seconds_left()
        if left < SHORTEST:
            raise OutOfTime
        options["timeout"] = (min(self._connect, left / 2), min(self._read, left / 2))
        return super().send(request, *args, **options)
