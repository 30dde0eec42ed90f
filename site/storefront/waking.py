"""Waking workers without waiting for the broker.

What is owed is a row, so the broker is an alarm clock: a wake-up that is lost costs seconds, until
the next sweep. A web request must never wait for a broker that is down or frozen, so a thread of
its own does the publishing.
"""

import logging
from functools import partial
from queue import Full, Queue
from threading import Lock, Thread
from typing import Any

from celery import Task as CeleryTask
from django.db import transaction

logger = logging.getLogger(__name__)


class Task(CeleryTask):
    """A Celery task that can be woken from a transaction."""

    abstract = True

    def wake(self, *args: Any) -> None:
        """Publish the task once the current transaction has committed. Returns at once."""
        transaction.on_commit(partial(publisher.put, self, args), robust=True)


class Publisher:
    """A queue and the daemon thread that empties it; started by the first wake-up of a process."""

    def __init__(self) -> None:
        self._queue: Queue[tuple[CeleryTask, tuple[Any, ...]]] = Queue(maxsize=1000)
        self._start = Lock()
        self._thread: Thread | None = None

    def put(self, task: CeleryTask, args: tuple[Any, ...]) -> None:
        with self._start:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="wake-ups", daemon=True)
                self._thread.start()
        try:
            self._queue.put_nowait((task, args))
        except Full:
            logger.warning("too many wake-ups waiting; the sweep will find %s", task.name)

    def _work(self) -> None:
        while True:
            task, args = self._queue.get()
            try:
                task.apply_async(args)
            except Exception as error:  # any broker's any error: the sweep makes up for it
                logger.warning("could not wake %s: %s", task.name, error)


publisher = Publisher()
