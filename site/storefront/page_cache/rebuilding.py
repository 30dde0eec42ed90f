"""One request makes a page anew; whoever comes meanwhile gets the one before."""

import time
from threading import Lock

from django.core.cache import cache

from .addresses import Address
from .keeping import server_key

PATIENCE = 1  # seconds: a page that takes longer is tried by another one too


class Rebuilding:
    """Who is at which page: threads of this process, and other processes by the cache server."""

    def __init__(self) -> None:
        self._since: dict[Address, float] = {}
        self._lock = Lock()

    def claim(self, address: Address) -> bool:
        """Whether the caller is the one to build; then it has to call `done`."""
        with self._lock:
            now = time.monotonic()
            if now - self._since.get(address, -PATIENCE) < PATIENCE:
                return False
            self._since[address] = now
        if address.is_plain and self._is_claimed_elsewhere(address):
            with self._lock:
                self._since.pop(address, None)
            return False
        return True

    def done(self, address: Address) -> None:
        """Let others build from now on. Harmless for who has not claimed."""
        with self._lock:
            mine = self._since.pop(address, None)
        if mine is not None and address.is_plain:
            cache.delete(claim_key(address))

    @staticmethod
    def _is_claimed_elsewhere(address: Address) -> bool:
        key = claim_key(address)
        # Neither to be taken nor there: the server is away, and each process is for itself.
        return not cache.add(key, 1, PATIENCE) and cache.get(key) is not None


def claim_key(address: Address) -> str:
    return f"{server_key(address)}:claimed"
