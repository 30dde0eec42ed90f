"""The lines between the processes of the shop and the servers they need."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.faults.proxy import Proxy

PROCESSES = ("web", "worker", "beat")
# What each process is told about each server, and the port of an address that names none.
SERVERS = {
    "database": ("DATABASE_URL", 5432),
    "broker": ("CELERY_BROKER_URL", 5672),
    "cache": ("CACHE_URL", 6379),
    "mail": ("EMAIL_URL", 25),
    "provider": ("STRIPE_API_BASE", 80),
}


class Lines:
    """The lines of some processes to one server, or one of them: broken and healed together."""

    def __init__(self, lines: dict[str, Proxy]) -> None:
        self._lines = lines

    def of(self, process: str) -> Proxy:
        return self._lines[process]

    def __getattr__(self, name: str) -> Callable[..., None]:
        def all_of_them(*args: Any) -> None:
            for proxy in self._lines.values():
                getattr(proxy, name)(*args)

        return all_of_them


def through(proxy: Proxy, address: str) -> str:
    """The same address, reached through this proxy."""
    parts = urlsplit(address)
    login = re.match(r"[^@]+@", parts.netloc)
    near = f"{login[0] if login else ''}127.0.0.1:{proxy.port}"
    return urlunsplit(parts._replace(netloc=near))
