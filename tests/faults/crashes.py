"""When processes of the shop are to die; `crashing` is what runs in them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Crashes:
    """The files that rule it, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder

    @contextmanager
    def recorded(self) -> Iterator[list[str]]:
        """The names of the moments passed meanwhile, each once, in order."""
        names: list[str] = []
        record = self.folder / "record"
        record.touch()
        yield names
        names += dict.fromkeys(record.read_text().splitlines())
        record.unlink()

    def die_at(self, name: str, *, whole: bool = False) -> None:
        """Kill whoever passes this moment next: the process, or its parent as well."""
        self.die_at_any(re.escape(name), whole=whole)

    def die_at_any(self, pattern: str, *, whole: bool = False) -> None:
        """As `die_at`, for the first of several moments."""
        if whole:
            (self.folder / "whole").touch()
        unfinished = self.folder / "unfinished"
        unfinished.write_text(pattern)
        unfinished.rename(self.folder / "next")

    def poison(self, address: str) -> None:
        """Kill whoever writes to this address, again and again."""
        (self.folder / "poison").write_text(address)

    def strikes(self) -> bool:
        """Whether somebody has died since this was asked last."""
        try:
            (self.folder / "struck").rename(self.folder / "mourned")
        except FileNotFoundError:
            return False
        return True

    @property
    def struck(self) -> bool:
        return (self.folder / "mourned").exists()

    def forget(self) -> None:
        for name in ("next", "struck", "mourned", "whole", "poison"):
            (self.folder / name).unlink(missing_ok=True)
