"""Where pages are kept: in this process, and those of plain addresses on the cache server too."""

import hashlib
from collections import OrderedDict
from functools import cache as once
from pathlib import Path
from threading import Lock

from django.apps import apps
from django.conf import settings
from django.core.cache import cache

from .addresses import Address
from .pages import KeptPage

MEMORY = 32 * 2**20  # bytes in each process: some thousand pages
KEEP = 60 * 60  # seconds a page lies on the server, to be shown while a new one is made


class Memory:
    """The pages of this process; who has not been asked for the longest goes first."""

    def __init__(self, most_bytes: int = MEMORY) -> None:
        self._pages: OrderedDict[Address, KeptPage] = OrderedDict()
        self._lock = Lock()
        self._most_bytes = most_bytes
        self.bytes = 0

    def get(self, address: Address) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(address)
            if page:
                self._pages.move_to_end(address)
            return page

    def set(self, address: Address, page: KeptPage) -> None:
        with self._lock:
            if before := self._pages.pop(address, None):
                self.bytes -= before.size
            self._pages[address] = page
            self.bytes += page.size
            while self.bytes > self._most_bytes:
                _, oldest = self._pages.popitem(last=False)
                self.bytes -= oldest.size


class Shelf:
    """Memory in front of the cache server."""

    def __init__(self) -> None:
        self.memory = Memory()

    def newest(self, address: Address) -> KeptPage | None:
        """What this or another process built last. Asks the server."""
        here = self.memory.get(address)
        stored = cache.get(server_key(address)) if address.is_plain else None
        there = KeptPage.from_json(stored) if stored else None
        if there and (here is None or there.built_at > here.built_at):
            self.memory.set(address, there)
            return there
        return here

    def put(self, address: Address, page: KeptPage) -> None:
        self.memory.set(address, page)
        if address.is_plain:
            cache.set(server_key(address), page.as_json(), KEEP)


def server_key(address: Address) -> str:
    parts = (address.scheme, address.host, address.path, release())
    return f"page:{hashlib.sha256(repr(parts).encode()).hexdigest()}"


@once
def release() -> str:
    """Another one for every version of the shop: the last one's pages are not this one's."""
    ours = [Path(app.path) for app in apps.get_app_configs() if _is_ours(Path(app.path))]
    digest = hashlib.sha256()
    for folder in sorted({*ours, settings.BASE_DIR / "templates", settings.BASE_DIR / "static"}):
        for file in sorted(folder.rglob("*")):
            if file.suffix in {".py", ".html", ".css", ".js", ".svg", ".mo"}:
                digest.update(file.read_bytes())
    digest.update((settings.BASE_DIR / "requirements.txt").read_bytes())
    return digest.hexdigest()[:16]


def _is_ours(folder: Path) -> bool:
    return "site-packages" not in folder.parts and settings.BASE_DIR in folder.parents
