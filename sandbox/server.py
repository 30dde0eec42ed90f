"""The process: a threaded web server, a fresh or kept database, two threads beside it."""

import errno
import socket
import sys
from typing import Any

import django
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler


class Handler(WSGIRequestHandler):
    """Lends the view the connection itself, so that a fault can break it."""

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        environ["sandbox.connection"] = self.connection
        return environ

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: every call is on the control page."""


class Server(ThreadedWSGIServer):
    """One thread per connection; none of them keeps the process alive."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or was thrown out by a fault, is no news."""


def run(host: str, port: int, webhook_url: str, webhook_secret: str) -> None:
    """Serve until stopped."""
    django.setup()
    # After setup: these import models.
    from django.core.handlers.wsgi import WSGIHandler

    from sandbox import background, schema
    from sandbox.control import reset

    schema.prepare()
    reset.remember_flags(webhook_url, webhook_secret)
    server = Server((host, port), Handler, ipv6=":" in host)
    server.set_app(WSGIHandler())
    background.start()
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"sandbox: listening on http://{shown}:{server.server_port}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def break_connection(connection: socket.socket) -> None:
    """End it without an answer: the client sees a connection reset."""
    try:
        # Lingering for zero seconds turns the close into a reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.shutdown(socket.SHUT_RDWR)
    except OSError as gone:
        if gone.errno not in (errno.ENOTCONN, errno.EBADF):
            raise
