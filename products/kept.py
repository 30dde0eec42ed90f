"""What is read on every order and changes once a month is read once a second in each process.

No process has to tell another that a row has changed: a moment later all of them have read it.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

MOMENT = 1.0  # seconds; tests keep nothing

P = ParamSpec("P")
T = TypeVar("T")


def for_a_moment(read: Callable[P, T]) -> Callable[P, T]:
    """Keeps what `read` returns, by its (hashable) arguments, for at most MOMENT.

    Callers share one answer, so it must be a value that nobody changes.
    """
    kept: dict[Hashable, T] = {}
    until = 0.0

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> T:
        nonlocal kept, until
        if (now := time.monotonic()) >= until:
            kept, until = {}, now + MOMENT
        # What is being read when the moment ends goes with the moment it began in.
        mine, key = kept, (args, *sorted(kwargs.items()))
        if key not in mine:
            mine[key] = read(*args, **kwargs)
        return mine[key]

    return reading
