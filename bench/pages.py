"""Pages, kept and made anew, against a bare view and a minimal page of Wagtail."""

import http.client

from .client import Load, get, send

PRODUCT = "/tea/black/assam/"
CATEGORY = "/tea/"
BARE = "/view/"
MINIMAL = "/"
BROWSER = {"Accept_Encoding": "gzip, deflate, br"}
EDITOR = {**BROWSER, "Cookie": "desk=1"}  # passes the page cache by
PER_PAGE = 24


def fetch(port: int, path: str, number: int, *, connections: int, kept: bool = True) -> Load:
    """So many requests for one page; every one must be answered with it."""
    one = get(path, **(BROWSER if kept else EDITOR))
    load = send(port, [one] * number, connections=connections)
    assert load.statuses == {200: number}, load.statuses
    return load


def check(port: int) -> None:
    """A whole page of products, or the figure means nothing; and it is kept."""
    for kept in (True, False):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        editor = {} if kept else {"Cookie": "desk=1"}
        connection.request("GET", CATEGORY, headers={"Host": "127.0.0.1", **editor})
        answer = connection.getresponse()
        cards = answer.read().decode().count("product-card__name")
        assert cards == PER_PAGE, cards
        assert ("public" in answer.headers["Cache-Control"]) is kept
        connection.close()
