"""Text without characters that nobody can read and some machines obey."""

import re
from typing import Any

# Controls, lone surrogates, line separators, marks that turn the reading direction, and what XML
# has no way to write.
# Line feed and tab stay: a message has lines.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufffe\uffff]"
)


def plain(value: Any) -> Any:
    """`value` (JSON data) with unprintable characters taken out of every string in it."""
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value.replace("\r\n", "\n"))
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def one_line(text: str) -> str:
    """`text` as it may stand in a mail header: printable, blanks for line ends, no edges."""
    return plain(" ".join(text.split())).strip()
