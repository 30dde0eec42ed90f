"""What was measured, a line for each page, printed at the end of `make audit`."""

from collections import defaultdict
from typing import Any


class Figures:
    """A table that fills while the tests run. Columns appear in the order they are first noted."""

    def __init__(self) -> None:
        self._rows: defaultdict[str, dict[str, str]] = defaultdict(dict)

    def note(self, page: str, name: str, value: str) -> None:
        self._rows[page][name] = value

    def lines(self) -> list[str]:
        """The table, ready to be printed; empty if nothing was noted."""
        columns = list(dict.fromkeys(name for row in self._rows.values() for name in row))
        table = [["page", *columns]]
        table += [
            [page, *(row.get(name, "") for name in columns)] for page, row in self._rows.items()
        ]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]
        return lines if self._rows else []


figures = Figures()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table."""
    if lines := figures.lines():
        terminalreporter.section("pages")
        for line in lines:
            terminalreporter.write_line(line)
