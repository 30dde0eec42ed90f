"""What is read on every request and changes once a month is read once a second in each process.

No process has to tell another that a row has changed: a moment later all of them have read it.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

MOMENT = 1.0  # seconds; tests keep nothing

P = ParamSpec("P")
T = TypeVar("T")

_moment = 0  # another one: what was kept before it is over


def over() -> None:
    """Have everything read again at once, whoever keeps it. Told when shown things have changed."""
    global _moment
    _moment += 1


def for_a_moment(read: Callable[P, T]) -> Callable[P, T]:
    """Keeps what `read` returns, by its (hashable) arguments, for at most MOMENT.

    Callers share one answer, so it must be a value that nobody changes.
    """
    kept: dict[Hashable, T] = {}
    until = 0.0
    moment = _moment

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        nonlocal kept, until, moment
        if (now := time.monotonic()) >= until or moment != _moment:
            kept, until, moment = {}, now + MOMENT, _moment
        # What is being read when the moment ends goes with the moment it began in.
        mine, key = kept, (args, *sorted(kwargs.items()))
        if key not in mine:
            mine[key] = read(*args, **kwargs)
        return mine[key]

    return reading
