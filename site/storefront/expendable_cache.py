"""A Redis that may vanish at any time: a page is then slower, never broken."""

import logging
import time
from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)
PAUSE = 5  # seconds in which nobody waits for a server that did not answer

Method = Callable[..., Any]


class Breaker:
    """Remembers, for all threads of a process, that the server was away a moment ago."""

    away_until = 0.0  # on the monotonic clock

    def guard(self, method: Method, absent: Method) -> Method:
        """`method`, or what `absent` answers while the server is away."""

        def guarded(*args: Any) -> Any:
            if time.monotonic() < self.away_until:
                return absent(*args)
            try:
                return method(*args)
            except redis.RedisError as error:
                self.away_until = time.monotonic() + PAUSE
                logger.warning("the cache is away: %s", type(error).__name__)
                return absent(*args)

        return guarded


breaker = Breaker()


def _unknown(_: Any, key: str, *__: Any) -> int:
    raise ValueError(f"Key '{key}' not found")  # Django's word for a key that cannot be counted up


class ExpendableClient(RedisCacheClient):
    """While the server is away no key is there, and what is set is lost."""

    get = breaker.guard(RedisCacheClient.get, lambda _, key, default: default)
    get_many = breaker.guard(RedisCacheClient.get_many, lambda *_: {})
    has_key = breaker.guard(RedisCacheClient.has_key, lambda *_: False)
    add = breaker.guard(RedisCacheClient.add, lambda *_: False)
    set = breaker.guard(RedisCacheClient.set, lambda *_: None)
    set_many = breaker.guard(RedisCacheClient.set_many, lambda *_: None)
    touch = breaker.guard(RedisCacheClient.touch, lambda *_: False)
    incr = breaker.guard(RedisCacheClient.incr, _unknown)
    delete = breaker.guard(RedisCacheClient.delete, lambda *_: False)
    delete_many = breaker.guard(RedisCacheClient.delete_many, lambda *_: None)
    clear = breaker.guard(RedisCacheClient.clear, lambda *_: False)


class ExpendableCache(RedisCache):
    """Django's Redis cache with a client that fails open."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # One more try, for a connection that died while nobody used it; redis-py has many, with
        # pauses in between.
        options = {**params.get("OPTIONS", {}), "retry": Retry(NoBackoff(), 1)}
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = ExpendableClient
