"""Which parameters an operation takes, read from the pinned library's generated types.

Only this module imports `stripe`, and only for its types: they are made from the same document
as the API itself, so an unknown name, a missing one or a wrong type is refused as Stripe would.
"""

import functools
import re
import sys
import types
from typing import Any, Literal, Union, get_args, get_origin

import stripe.params
import stripe.params.checkout
from stripe._request_options import RequestOptions
from typing_extensions import get_type_hints, is_typeddict

from sandbox.api.forms import Tree
from sandbox.errors import InvalidParameter

OPTIONS = frozenset(RequestOptions.__annotations__)  # headers, not parameters


def read(shape: str, tree: Tree) -> dict[str, Any]:
    """The parameters as Python values; `shape` is such as `checkout.SessionCreateParams`."""
    return _read_object(_shape(shape), tree, "")


def _shape(name: str) -> type:
    package, _, leaf = name.rpartition(".")
    found: type = getattr(stripe.params.checkout if package else stripe.params, leaf)
    return found


@functools.cache
def _fields(shape: type) -> dict[str, Any]:
    own = {name: hint for name, hint in shape.__annotations__.items() if name not in OPTIONS}
    # The options beside them name types that their module does not have, so resolve only these.
    holder = types.SimpleNamespace(__annotations__=own)
    return get_type_hints(holder, globalns=vars(sys.modules[shape.__module__]))


def _read_object(shape: type, tree: Tree, where: str) -> dict[str, Any]:
    fields = _fields(shape)
    for name in tree:
        if name not in fields:
            raise InvalidParameter(
                f"Received unknown parameter: {_join(where, name)}",
                param=_join(where, name),
                code="parameter_unknown",
            )
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    for name in fields:
        if name in required and name not in tree:
            raise InvalidParameter(
                f"Missing required param: {_join(where, name)}.",
                param=_join(where, name),
                code="parameter_missing",
            )
    return {name: _read(fields[name], value, _join(where, name)) for name, value in tree.items()}


def _join(where: str, name: str) -> str:
    return f"{where}[{name}]" if where else name


def _read(hint: Any, value: "str | Tree", where: str) -> Any:
    options = _options(hint)
    if isinstance(value, dict):
        return _read_tree(options, value, where)
    return _read_text(options, value, where)


def _options(hint: Any) -> list[Any]:
    if get_origin(hint) in (Union, types.UnionType):
        return [option for part in get_args(hint) for option in _options(part)]
    return [hint]


def _read_tree(options: list[Any], tree: Tree, where: str) -> Any:
    for option in options:
        origin = get_origin(option)
        if is_typeddict(option):
            return _read_object(option, tree, where)
        if origin is dict:
            inner = get_args(option)[1]
            return {
                name: _read_entry(inner, item, _join(where, name)) for name, item in tree.items()
            }
        if origin is list:
            return _read_list(get_args(option)[0], tree, where)
    raise InvalidParameter(f"Invalid string: {tree}", param=where)


def _read_entry(hint: Any, value: "str | Tree", where: str) -> Any:
    # In a free map such as metadata an empty value means: remove this key.
    return "" if value == "" else _read(hint, value, where)


def _read_list(hint: Any, tree: Tree, where: str) -> list[Any]:
    if sorted(tree) != sorted(map(str, range(len(tree)))):
        raise InvalidParameter("Invalid array", param=where)
    return [_read(hint, tree[str(index)], f"{where}[{index}]") for index in range(len(tree))]


def _read_text(options: list[Any], text: str, where: str) -> Any:
    choices = [value for option in options if get_origin(option) is Literal
               for value in get_args(option)]  # fmt: skip
    if text in choices:
        return text
    if text == "":
        raise InvalidParameter(
            f"You passed an empty string for '{where}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{where}' cannot be unset. You should remove '{where}' "
            "from your request or supply a non-empty value.",
            param=where,
            code="parameter_invalid_empty",
        )
    # `Literal[...] | str` is how the library writes an enum that may grow; Stripe's is closed.
    if any(choices):
        allowed = ", ".join(choice for choice in choices if choice)
        name = where.rpartition("[")[2].rstrip("]")
        raise InvalidParameter(f"Invalid {name}: must be one of {allowed}", param=where)
    return _read_scalar(options, text, where)


def _read_scalar(options: list[Any], text: str, where: str) -> Any:
    if bool in options:
        if text not in ("true", "false"):
            raise InvalidParameter(f"Invalid boolean: {text}", param=where)
        return text == "true"
    if int in options:
        if not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise InvalidParameter(
                f"Invalid integer: {text}", param=where, code="parameter_invalid_integer"
            )
        return int(text)
    if str in options:
        return text
    return _read_number(options, text, where)


def _read_number(options: list[Any], text: str, where: str) -> Any:
    names = {getattr(option, "__name__", "") for option in options}
    if not names & {"float", "Decimal"}:
        kind = "array" if any(get_origin(option) is list for option in options) else "object"
        raise InvalidParameter(f"Invalid {kind}", param=where)
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", text):
        raise InvalidParameter(f"Invalid decimal: {text}", param=where)
    # A decimal stays text, so that nothing is lost.
    return float(text) if "float" in names else text
