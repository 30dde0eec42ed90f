"""`expand[]`: an id in the answer becomes the object it names."""

from sandbox.errors import InvalidParameter, NotFound
from sandbox.objects import store
from sandbox.objects.store import Json

# Fields that hold the id of an object kept here.
REFERENCES = {
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
}
# Lists that an object has and only shows when asked: (kind of the object, field).
LISTS = {("checkout.session", "line_items"), ("charge", "refunds")}


def expand(answer: Json, paths: list[str]) -> Json:
    """The answer with every path expanded, in place."""
    for path in paths:
        parts = path.split(".")
        if len(parts) > 4:
            raise _cannot(path, "more than 4 levels deep")
        _expand(answer, parts, path)
    return answer


def _expand(node: Json, parts: list[str], path: str) -> None:
    name, *rest = parts
    if node.get("object") == "list":
        if name != "data":
            raise _cannot(path)
        for item in node["data"]:
            if rest:
                _expand(item, rest, path)
        return
    child = _fetch(node, name, path)
    if child is None:
        return
    node[name] = child
    if rest:
        _expand(child, rest, path)


def _fetch(node: Json, name: str, path: str) -> Json | None:
    if (node["object"], name) in LISTS:
        return node.get(name) or part_list(node, name)
    if name not in node:
        raise _cannot(path)
    value = node[name]
    if value is None or isinstance(value, dict):
        return value
    if name not in REFERENCES:
        raise _cannot(path)
    try:
        return store.shown(store.get(REFERENCES[name], value))
    except NotFound as lost:
        raise _cannot(path) from lost


def part_list(node: Json, name: str) -> Json:
    """The first ten parts, as Stripe embeds them."""
    key = node["id"]
    if name == "line_items":
        rows = store.parts_of(key)
        url = f"/v1/checkout/sessions/{key}/line_items"
    else:
        rows = store.find("refund", charge=key)
        url = f"/v1/charges/{key}/refunds"
    data = [store.shown(row) for row in rows[:11]]
    return {"object": "list", "data": data[:10], "has_more": len(data) > 10, "url": url}


def _cannot(path: str, why: str = "") -> InvalidParameter:
    return InvalidParameter(
        f"This property cannot be expanded ({path}{': ' + why if why else ''}).", param="expand"
    )
