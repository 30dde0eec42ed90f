"""A process that dies at a commit, and what is left of it: the database, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from django.db import connection

from storefront import waking


class Death(NamedTuple):
    """Before or after the how-manieth commit the process dies."""

    commit: int
    before: bool


class Killed(BaseException):
    """As with `kill -9`, nothing that handles errors gets to run."""


class Process:
    """Runs what a web process or a worker does; its queue is all it remembers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.queue: list[tuple[Any, tuple[Any, ...]]] = []
        # Woken after a commit, or sent by a sweep: both end in the queue.
        monkeypatch.setattr(waking.publisher, "put", self._put)
        monkeypatch.setattr(
            waking.Task, "apply_async", lambda task, args=(), *_, **__: self._put(task, args)
        )

    def _put(self, task: Any, args: Any) -> None:
        self.queue.append((task, tuple(args or ())))

    def run(self, action: Any, *args: Any, death: Death | None = None) -> Any:
        """What the action returns; None if the process died of it."""
        try:
            with _dying(death):
                return action(*args)
        except Killed:
            self.restart()
            return None

    def work(self, death: Death | None = None) -> None:
        """Run the tasks that wait, and those they wake."""
        while self.queue:
            task, args = self.queue.pop(0)
            self.run(lambda task=task, args=args: task.apply(args, throw=True), death=death)

    def restart(self) -> None:
        """Nothing is left: no connection, no callbacks, no wake-ups that were on their way."""
        connection.run_on_commit = []
        connection.close()
        self.queue.clear()


@contextmanager
def _dying(death: Death | None) -> Iterator[None]:
    commit, count = connection._commit, 0

    def counted() -> None:
        nonlocal count
        count += 1
        if death is None or count != death.commit:
            commit()
        elif death.before:
            connection._rollback()
            raise Killed
        else:
            commit()
            raise Killed

    connection._commit = counted
    try:
        yield
    finally:
        connection._commit = commit
