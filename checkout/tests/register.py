"""A stand-in for VIES: a small HTTP server that says what a test tells it to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

VALID = {
    "isValid": True,
    "userError": "VALID",
    "requestDate": "2026-11-20T12:00:00.000Z",
    "name": "SA  MAISON DE THE\nPARIS",
    "address": "1 RUE DE LA PAIX",
    "requestIdentifier": "WAPIAAAAZ9cWmQXG",
}
INVALID = {"isValid": False, "userError": "INVALID", "name": "---", "requestIdentifier": ""}
STATE_AWAY = {"isValid": False, "userError": "MS_UNAVAILABLE", "name": "---"}


class Register:
    """`says` is sent to everybody who asks; `asked` are the paths they asked for.

    `meanwhile` is called once, while the next who asks waits for the answer.
    """

    def __init__(self) -> None:
        self.says: Any = VALID
        self.status = 200
        self.delay = 0.0
        self.meanwhile: Callable[[], None] | None = None
        self.asked: list[str] = []
        self.url = ""


@contextmanager
def running() -> Iterator[Register]:
    register = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            register.asked.append(self.path)
            meanwhile, register.meanwhile = register.meanwhile, None
            if meanwhile:
                meanwhile()
            time.sleep(register.delay)
            says = register.says
            body = says if isinstance(says, bytes) else json.dumps(says).encode()
            self.send_response(register.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    register.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield register
    finally:
        server.shutdown()
        server.server_close()
