"""What is read on every request and changes once a month is read once a second in each process.

No process has to tell another that a row has changed: a moment later all of them have read it.
"""

import time
from collections.abc import Callable, Collection, Hashable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

# Seconds; tests keep nothing.
MOMENT = 1.0
LONGEST = 10.0  # news of a change may get lost with its process

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_moment = 0  # another one: what was kept before it is over


def over() -> None:
    """Have everything read again at once, whoever keeps it. Told when shown things have changed."""
    global _moment
    _moment += 1


def for_a_moment(read: Callable[P, T]) -> Callable[P, T]:
    """Keeps what `read` returns, by its (hashable) arguments, for at most MOMENT.

    Callers share one answer, so it must be a value that nobody changes.
    """
    memory = _Memory()

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        kept, key = memory.younger_than(MOMENT), (args, *sorted(kwargs.items()))
        if key not in kept:
            kept[key] = read(*args, **kwargs)
        answer: T = kept[key]
        return answer

    return reading


def each_while(
    version: Callable[[], int],
) -> Callable[[Callable[[Collection[K]], Mapping[K, T]]], Callable[[Collection[K]], dict[K, T]]]:
    """Keeps what a function says of each key while `version` stays the same, for LONGEST at most.

    The function is asked at once for all keys that are not kept. What it leaves out of its answer
    is kept too, as what there is not.
    """

    def decorate(
        read: Callable[[Collection[K]], Mapping[K, T]],
    ) -> Callable[[Collection[K]], dict[K, T]]:
        memory = _Memory()

        @wraps(read)
        def reading(keys: Collection[K]) -> dict[K, T]:
            kept = memory.younger_than(LONGEST, version() if LONGEST else 0)
            if missing := [key for key in keys if key not in kept]:
                found = read(missing)
                kept.update((key, found.get(key)) for key in missing)
            return {key: kept[key] for key in keys if kept[key] is not None}

        return reading

    return decorate


class _Memory:
    """What was read since it was last emptied. What is being read then goes with the old."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}
        self._since = 0.0
        self._state = (-1, -1)

    def younger_than(self, seconds: float, version: int = 0) -> dict[Any, Any]:
        now, state = time.monotonic(), (version, _moment)
        if now - self._since >= seconds or state != self._state:
            self._kept, self._since, self._state = {}, now, state
        return self._kept
