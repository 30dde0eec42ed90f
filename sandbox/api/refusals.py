"""The refusals that several rules share."""

import re
from typing import NoReturn

from sandbox.errors import InvalidParameter


def refuse(param: str, message: str, code: str | None = None) -> NoReturn:
    """Refuse one parameter."""
    raise InvalidParameter(message, param=param, code=code)


def missing(param: str) -> NoReturn:
    """Refuse a call without this parameter."""
    refuse(param, f"Missing required param: {param}.", "parameter_missing")


def check_currency(where: str, currency: str) -> None:
    """Three lower-case letters."""
    if not re.fullmatch(r"[a-z]{3}", currency):
        refuse(where, f"Invalid currency: {currency}. Use three lower-case letters.")
