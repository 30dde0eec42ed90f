"""How often one client may do something.

Counted in Redis if that is the cache, so that all processes count together; else in the memory of
each. Losing the count costs the limit and nothing else: what cannot be counted is allowed.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many in so long a time, for each client by itself. Clients are named by the callers."""

    what: str
    rate: RateLimitItem

    def is_reached(self, clients: Sequence[str]) -> bool:
        """Whether any of these has had its share for now."""
        try:
            return not all(limiter().test(self.rate, self.what, client) for client in clients)
        except StorageError as error:
            logger.warning("limit of %s is not watched: %s", self.what, error)
            return False

    def count(self, clients: Sequence[str]) -> None:
        """It was done once more, by each of these."""
        try:
            for client in clients:
                limiter().hit(self.rate, self.what, client)
        except StorageError as error:
            logger.warning("limit of %s does not count: %s", self.what, error)


def session(request: HttpRequest) -> list[str]:
    """The visitor's session as a client; nothing for a visitor without one."""
    key = request.session.session_key
    # Hashed: whoever reads the cache must not find keys that open sessions.
    return [f"session:{sha256(key.encode()).hexdigest()[:32]}"] if key else []


def address(request: HttpRequest) -> list[str]:
    """The network address the request came from, as a client.

    Nothing for one of our own network: that is a proxy, and everybody shares it. Of IPv6 the /64,
    which is one household.
    """
    if not settings.LIMIT_BY_ADDRESS:
        return []
    try:
        came_from = ip_address(_caller(request))
    except ValueError:  # a Unix socket has none
        return []
    if isinstance(came_from, IPv6Address):
        came_from = came_from.ipv4_mapped or came_from
    if not came_from.is_global:
        return []
    if isinstance(came_from, IPv6Address):
        return [f"address:{ip_network((came_from, 64), strict=False)}"]
    return [f"address:{came_from}"]


def _caller(request: HttpRequest) -> str:
    """Who called the outermost of our proxies. Each adds its caller to the end of the list.

    What stands before those is the visitor's own claim.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    callers = [*told, request.META.get("REMOTE_ADDR", "")]
    return callers[-1 - settings.PROXIES].strip() if len(callers) > settings.PROXIES else ""


@cache
def limiter() -> MovingWindowRateLimiter:
    """Counts over a moving window."""
    cached = settings.CACHES["default"]
    where = str(cached.get("LOCATION", ""))
    if not where.startswith(("redis://", "rediss://")):
        return MovingWindowRateLimiter(MemoryStorage())
    server = where.split(",")[0]
    waits = {k: v for k, v in cached["OPTIONS"].items() if k.endswith("_timeout")}
    # No second try: a server that is frozen would be waited for each time.
    pool = ConnectionPool.from_url(server, retry=Retry(NoBackoff(), 0), **waits)
    prefix = f"{cached.get('KEY_PREFIX', '')}:limits"
    return MovingWindowRateLimiter(
        RedisStorage(server, connection_pool=pool, key_prefix=prefix, wrap_exceptions=True)
    )
