"""Placing an order of three lines with a coupon, over HTTP, against a bare POST."""

import json

from .client import Load, post, send
from .servers import run

PATH = "/checkout/"


def requests(environment: dict[str, str], count: int) -> list[bytes]:
    """So many orders, each of another shopper."""
    shoppers = json.loads(run(environment, "-m", "bench.shop.filling", str(count)))
    return [post(PATH, shopper["form"], Cookie=shopper["cookie"]) for shopper in shoppers]


def place(port: int, orders: list[bytes], *, connections: int) -> Load:
    """Place them. Every one must lead to its payment page, or the figure means nothing."""
    load = send(port, orders, connections=connections)
    assert load.statuses == {303: len(orders)}, load.statuses
    return load
