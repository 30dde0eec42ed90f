"""Something that is shown has changed: one number tells every process, web or worker.

Whatever is kept of the catalogue (pages, menus, counts) is kept under `generation()` and made anew
when that is another one.
"""

import logging
import time
from threading import Lock

from django.db import OperationalError

from . import kept
from .models import generations

logger = logging.getLogger(__name__)

INTERVAL = 0.3  # seconds for which a process believes what it has read
PAUSE = 5  # seconds in which a database that did not answer is not asked again


def changed() -> None:
    """Have everything that is kept made anew, once the current transaction has committed."""
    generations.begin_another()


def generation() -> int:
    """The number that holds now, or did at most `INTERVAL` seconds ago."""
    return _reading.number()


def learned_ago() -> float:
    """Seconds since this process learned of `generation()`."""
    return time.monotonic() - _reading.learned_at


def forget() -> None:
    """Ask the database again at once."""
    _reading.due_at = 0.0


class _Reading:
    """The number as this process last read it."""

    def __init__(self) -> None:
        self._number = 0
        self._lock = Lock()
        self.due_at = self.learned_at = 0.0  # on the monotonic clock

    def number(self) -> int:
        if time.monotonic() >= self.due_at:
            # One thread asks. The others wait: what they know may be older than the interval.
            with self._lock:
                if time.monotonic() >= self.due_at:
                    self._read()
        return self._number

    def _read(self) -> None:
        began = time.monotonic()
        try:
            number = generations.current()
        except OperationalError as error:
            # Pages that are kept can still be shown, which is better than none.
            logger.warning("the generation cannot be read: %s", type(error).__name__)
            self.due_at = began + PAUSE
            return
        if number != self._number:
            self._number, self.learned_at = number, began
            kept.over()  # pages of this number must not be made of what was read before it
        self.due_at = began + INTERVAL


_reading = _Reading()
