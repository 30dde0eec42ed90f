"""Two colleagues at two desks, at the same moment."""

from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from invoices.tests.racing import at_once


def at_two_desks(
    monkeypatch: pytest.MonkeyPatch, owner: Any, read: str, work: Callable[[int], str]
) -> list[str]:
    """What `work` says at desk 0 and desk 1, sorted. Errors fail the test.

    Neither goes on from the function `read` of `owner` before the other has come through it, too:
    without a lock both have read the same then. With one, the second waits for the first instead.
    """
    both_have_read = Barrier(2)
    original = getattr(owner, read)

    def read_together(*args: Any, **options: Any) -> Any:
        found = original(*args, **options)
        with suppress(BrokenBarrierError):
            both_have_read.wait(timeout=1)
        return found

    monkeypatch.setattr(owner, read, read_together)
    return sorted(at_once(2, work))
