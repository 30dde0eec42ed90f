"""How long after a change, made by a process of its own, other processes show it."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from .pages import PRODUCT
from .servers import run, serve

PATIENCE = 20  # seconds
SKU = "ASSAM-100"


def waits(environment: dict[str, str], *, times: int) -> list[float]:
    """Seconds from the commit of each new price to the first page that shows it, in each of two."""
    one = partial(serve, environment, "storefront.wsgi:application", workers=1)
    with one() as first, one() as second:
        return [
            wait
            for number in range(times)
            for wait in _waits([first, second], environment, price=f"{70 + number}.00")
        ]


def _waits(ports: list[int], environment: dict[str, str], *, price: str) -> list[float]:
    with ThreadPoolExecutor(len(ports)) as pool:
        watching = [pool.submit(_first_seen, port, price.encode()) for port in ports]
        committed = float(run(environment, "-m", "bench.shop.repricing", SKU, price))
        return [max(0.0, future.result() - committed) for future in watching]


def _first_seen(port: int, words: bytes) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        connection.request("GET", PRODUCT, headers={"Host": "127.0.0.1"})
        if words in connection.getresponse().read():
            return time.time()
        time.sleep(0.01)
    raise AssertionError(f"{PRODUCT} never said {words!r}")
