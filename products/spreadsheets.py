"""Words that stay words when a spreadsheet opens them."""

import re

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# A spreadsheet takes such a cell for a formula, full-width signs and leading blanks included.
FORMULA = re.compile(r"[\t\r\n]|[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠]")


def harmless(text: str) -> str:
    """`text` with an apostrophe in front if a spreadsheet would take it for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def printable(text: str) -> str:
    """`text` without what a cell of XLSX cannot hold. Formulas it tells from text by itself."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)
