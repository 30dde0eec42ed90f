"""Paying, and quarrelling about it, as a shopper would at the payment sandbox."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings


class NoSandbox(Exception):
    """STRIPE_API_BASE names no sandbox, so nothing can be paid without real money."""


@contextmanager
def open_sandbox() -> Iterator[None]:
    """The sandbox at STRIPE_API_BASE: the one that runs, or one of our own for this while.

    Raises NoSandbox.
    """
    if not settings.STRIPE_API_BASE:
        raise NoSandbox
    if _runs():
        yield
        return
    process = _start(urlsplit(settings.STRIPE_API_BASE).port or 80)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def pay(session_id: str) -> None:
    """Pay an open page with the card that is always accepted."""
    _call(f"pay/{session_id}", data=b"card=4242424242424242")


def dispute(payment: str) -> None:
    """Ask the bank for the money of a payment back."""
    _call(f"dispute/{payment}", data=b"")


def _runs() -> bool:
    try:
        return bool(_call("health")["ok"])
    except URLError:
        return False


def _start(port: int) -> subprocess.Popen[str]:
    # The file of the Procfile's sandbox, which is to remember these payments.
    database = settings.DATA_DIR / "sandbox.sqlite3"
    command = [sys.executable, "-m", "sandbox", "--port", str(port), "--database", str(database)]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 - for the type checker
    process.stdout.readline()  # it says that it listens
    return process


def _call(action: str, data: bytes | None = None) -> dict[str, Any]:
    request = Request(f"{settings.STRIPE_API_BASE}/_control/{action}", data=data)  # noqa: S310
    with urlopen(request, timeout=20) as answer:  # noqa: S310 - an address from the settings
        return dict(json.load(answer))
