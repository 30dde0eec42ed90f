"""Stripe's bracket notation: `line_items[0][price_data][currency]=eur`."""

import re
import urllib.parse
from typing import TypeAlias

from sandbox.errors import InvalidParameter

# Lists are still index-keyed here; only the shape knows what is a list.
Tree: TypeAlias = dict[str, "str | Tree"]
KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def parse(text: str) -> Tree:
    """The nested values of a form body or a query string."""
    tree: Tree = {}
    for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True):
        match = KEY.fullmatch(name)
        if match is None:
            raise InvalidParameter(f"Invalid parameter name: {name}", param=name)
        parts = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        _plant(tree, parts, value, name)
    return tree


def _plant(tree: Tree, parts: list[str], value: str, name: str) -> None:
    node = tree
    *path, leaf = parts
    for position, part in enumerate(path):
        child = node.setdefault(_index(node, part, parts[position + 1]), {})
        if isinstance(child, str):
            raise InvalidParameter(f"Invalid object: {name} is both a value and more", param=name)
        node = child
    leaf = leaf or str(len(node))
    if leaf in node:
        raise InvalidParameter(f"Received duplicate parameter: {name}", param=name)
    node[leaf] = value


def _index(node: Tree, part: str, following: str) -> str:
    """`a[][x]=1&a[][y]=2` is one element, `a[][x]=1&a[][x]=2` are two."""
    if part:
        return part
    last = node.get(str(len(node) - 1))
    return str(len(node) - 1 if isinstance(last, dict) and following not in last else len(node))
