"""The demo shop: a tea house. Words and numbers are in the TOML files here, pictures are drawn.

Every part leaves alone what is already there, so loading twice changes nothing, and neither does
loading after an editor has changed something.
"""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def read(name: str) -> dict[str, Any]:
    """The contents of `<name>.toml`."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
