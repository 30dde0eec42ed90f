"""Reading pages the way search engines do."""

import json
import re
from typing import Any

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)">')
ROBOTS = re.compile(r'<meta name="robots" content="([^"]*)">')


def things(response: Any) -> dict[str, dict[str, Any]]:
    """The schema.org things of a page by their type."""
    found = [json.loads(text) for text in SCRIPT.findall(response.content.decode())]
    assert len({thing["@type"] for thing in found}) == len(found)
    return {thing["@type"]: thing for thing in found}


def canonical(response: Any) -> str | None:
    """The address under which the page wants to be listed."""
    found = CANONICAL.findall(response.content.decode())
    assert len(found) <= 1
    return found[0] if found else None


def is_hidden(response: Any) -> bool:
    """Whether search engines are asked to leave the page out."""
    (robots,) = ROBOTS.findall(response.content.decode())
    return "noindex" in robots
