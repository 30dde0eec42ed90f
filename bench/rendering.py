"""Printing an invoice, against WeasyPrint alone on the same HTML."""

import json

from .servers import run

REPEATS = 15


def rates(environment: dict[str, str]) -> tuple[list[float], list[float]]:
    """Documents per second, ours and WeasyPrint's: the middle of so many taken by turns."""
    seconds = json.loads(run(environment, "-m", "bench.shop.printing", str(REPEATS)))
    return [1 / seconds["printed"]], [1 / seconds["weasyprint"]]
