"""How long a provider may keep somebody waiting, all calls of one request together.

A worker waits as long as a call takes; a shopper does not. Sockets know how long one read may
take, not how many there may be: an answer that comes byte by byte would never be late. So the time
that is left is looked at before each read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from math import inf
from socket import socket
from time import monotonic
from typing import Any

from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

PATIENCE = 12.0  # seconds; what a shopper is kept waiting at most
SHORTEST = 1.0  # a call that has less is not begun
PAUSE = 0.5  # between two tries
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

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = PUNCTUAL

    def proxy_manager_for(self, *args: Any, **options: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = PUNCTUAL
        return manager

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Raises OutOfTime, or what `requests` raises."""
        left = seconds_left()
        if left < SHORTEST:
            raise OutOfTime
        options["timeout"] = (min(self._connect, left / 2), min(self._read, left / 2))
        return super().send(request, *args, **options)


class _Reads(RawIOBase):
    """What a server says, for as long as somebody waits for it."""

    def __init__(self, connection: socket, said: RawIOBase) -> None:
        self._connection, self._said = connection, said
        self._longest = connection.gettimeout() or inf

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        # The library sleeps before it learns that there is no time for a second try.
        if (left := seconds_left() - PAUSE) <= 0:
            raise TimeoutError("the answer took too long")
        wait = min(self._longest, left)
        self._connection.settimeout(None if wait == inf else wait)
        return self._said.readinto(buffer)

    def close(self) -> None:
        self._said.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = BufferedReader(_Reads(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


PUNCTUAL = {"http": _Pool, "https": _SecurePool}
