"""Visitors with marks: whatever they send, no page shows the mark of another."""

import http.client
import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

VISITORS = 50
MARK = re.compile(rb"canary-\d\d-[0-9a-f]{8}")
PUBLIC = ("/", "/tea/", "/tea/green/", "/tea/black/assam/", "/tea/green/sencha/", "/teaware/")


@dataclass(frozen=True)
class Request:
    """One request of one visitor, who may see their own mark in the answer to a private one."""

    mark: str
    method: str
    path: str
    headers: dict[str, str]
    body: str = ""
    is_public: bool = True


@dataclass(frozen=True)
class Sighting:
    """What should not have been there."""

    request: Request
    found: str


def watch(port: int, count: int, *, connections: int = 8, host: str = "") -> list[Sighting]:
    """Send `count` mixed requests and say what was seen of others."""
    chance = random.Random(4)
    marks = [f"canary-{number:02}-{chance.getrandbits(32):08x}" for number in range(VISITORS)]
    requests = [made_up(chance.choice(marks), chance) for _ in range(count)]
    shares = [requests[number::connections] for number in range(connections)]
    host = host or f"127.0.0.1:{port}"
    with ThreadPoolExecutor(connections) as pool:
        return [
            seen for share in pool.map(lambda s: _send(port, host, s), shares) for seen in share
        ]


def made_up(mark: str, chance: random.Random) -> Request:
    """Mostly pages that everybody shares, with the mark wherever a visitor could leave one."""
    headers = {
        "Cookie": f"sessionid={mark}; csrftoken={_token(mark)}; cart_count=3; note={mark}",
        "User-Agent": mark,
        "Accept-Language": mark,
        "Referer": f"https://example.com/{mark}",
        "X-Forwarded-For": mark,
        "X-Forwarded-Host": mark,
        "If-None-Match": f'"{mark}"',
        "HX-Target": mark,
        **chance.choice([{}, {"HX-Request": "true"}, {"HX-Request": mark}]),
    }
    kind = chance.random()
    if kind < 0.75:
        junk = {"utm_source": mark, chance.choice(["sku", "next", mark]): mark}
        some = {"sort": chance.choice(["name", "price", mark]), "page": "1"}
        query = urlencode(junk | (some if chance.random() < 0.4 else {}))
        return Request(mark, "GET", f"{chance.choice(PUBLIC)}?{query}", headers)
    if kind < 0.85:
        return Request(mark, "GET", f"/search/?q={mark}", headers, is_public=False)
    if kind < 0.9:
        return Request(mark, "GET", f"/{mark}/", headers, is_public=False)
    if kind < 0.95:
        return Request(mark, "GET", "/cart/", headers, is_public=False)
    form = {"code": mark, "csrfmiddlewaretoken": _token(mark)}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return Request(mark, "POST", "/cart/coupon/", headers, urlencode(form), is_public=False)


def _token(mark: str) -> str:
    """Of the length and the letters that Django takes."""
    return f"{mark.replace('-', 'x'):x<32.32}"


def _send(port: int, host: str, requests: list[Request]) -> list[Sighting]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    seen = []
    for request in requests:
        headers = {**request.headers, "Host": host}
        connection.request(request.method, request.path, request.body or None, headers)
        answer = connection.getresponse()
        found = strange(request, answer.status, str(answer.headers), answer.read())
        seen += [Sighting(request, each) for each in found]
        if request.method == "POST":
            connection.close()  # a form that is refused is not read, and the server hangs up
    connection.close()
    return seen


def strange(request: Request, status: int, headers: str, body: bytes) -> list[str]:
    """Whatever should not be in this answer."""
    marks = {mark.decode() for mark in MARK.findall(body + headers.encode())}
    found = sorted(marks if request.is_public else marks - {request.mark})
    if status >= 500:
        found.append(f"status {status}")
    if request.is_public and "set-cookie" in headers.lower():
        found.append("Set-Cookie")
    if request.is_public and b"csrfmiddlewaretoken" in body:
        found.append("a token")
    return found
