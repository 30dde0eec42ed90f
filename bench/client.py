"""A client that costs little: requests are bytes made beforehand, connections stay open."""

import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Load:
    """What came of a run: requests per second, seconds each took, answers by status."""

    rate: float
    seconds: Sequence[float]
    statuses: dict[int, int]

    def percentile(self, share: float) -> float:
        """Seconds within which `share` (0…1) of the requests were answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def post(path: str, body: bytes | dict[str, str], **headers: str) -> bytes:
    """A POST request, ready to be sent."""
    if isinstance(body, dict):
        headers.setdefault("Content_Type", "application/x-www-form-urlencoded")
        body = urlencode(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(path: str, **headers: str) -> bytes:
    """A GET request, ready to be sent."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def send(port: int, requests: Sequence[bytes], *, connections: int) -> Load:
    """Send every request once, so many at a time, and wait for the last answer."""
    shares = [requests[number::connections] for number in range(connections)]
    began = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        answers = [one for share in pool.map(lambda s: _send(port, s), shares) for one in share]
    took = time.perf_counter() - began
    statuses: dict[int, int] = {}
    for status, _ in answers:
        statuses[status] = statuses.get(status, 0) + 1
    return Load(len(answers) / took, [seconds for _, seconds in answers], statuses)


def _send(port: int, requests: Sequence[bytes]) -> list[tuple[int, float]]:
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = []
        for request in requests:
            began = time.perf_counter()
            connection.sendall(request)
            status = _status(connection)
            answers.append((status, time.perf_counter() - began))
        return answers


def _status(connection: socket.socket) -> int:
    """Read one whole answer; both servers name its length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _received(connection)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    while len(body) < length:
        body += _received(connection)
    return int(head.split(b" ", 2)[1])


def _received(connection: socket.socket) -> bytes:
    if not (data := connection.recv(65536)):
        raise ConnectionError("the server hung up")
    return data
