"""A database and a server for each of the two, gone afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds a server may take to start


@contextmanager
def database(folder: Path, name: str, *, like: str = "template1") -> Iterator[str]:
    """The address of a new database: on the server of DATABASE_URL, or a SQLite file.

    `like`: the name of the database on the server that it begins as a copy of.
    """
    configured = os.environ.get("DATABASE_URL", "")
    if not configured.startswith("postgres"):
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    name = f"bench_{name}_{uuid.uuid4().hex[:8]}"
    server = urlunsplit(urlsplit(configured)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        try:
            yield urlunsplit(urlsplit(configured)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(environment: dict[str, str], *command: str) -> str:
    """What a Python module prints."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


@contextmanager
def serve(environment: dict[str, str], application: str, *, workers: int = 2) -> Iterator[int]:
    """The port of a granian with so many worker processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = ["-m", "granian", "--interface", "wsgi", "--workers", str(workers),
               "--blocking-threads", "4", "--log-level", "warning", "--port", str(port),
               application]  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, start_new_session=True
    )
    try:
        _wait_for(port, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # nothing of it is needed any more
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
