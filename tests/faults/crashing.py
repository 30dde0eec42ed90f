"""Moments at which a process of the shop can be killed, found in the running code itself.

A moment is just before or after something that outlives the process: a commit, a write without a
transaction, a call to the payment provider, a mail handed over, a file renamed or synced, a task
published. Its name says which process, which function of the shop, what, and which side of it:

    worker invoices.printing._hand_over: commit, before

A new one appears by itself, one that is gone disappears. Files in CRASH_FOLDER rule: while
`record` is there, names are added to it; a process that passes a name that `next`, a pattern,
describes dies there by SIGKILL, once, and leaves the file as `struck`. If `whole` is there its
parent dies too: not a worker's child alone. Whoever hands over a mail to the address in `poison`
dies every time.
"""

import os
import re
import signal
import smtplib
import sys
from collections.abc import Callable
from contextlib import ContextDecorator, suppress
from functools import wraps
from pathlib import Path
from typing import Any

import kombu
import requests
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

OURS = {"home", "products", "cart", "checkout", "invoices", "mailing", "storefront"}
# A function decorated with `transaction.atomic` has returned when its commit comes; what stands on
# the stack is the decorator, which knows it.
DECORATOR = ContextDecorator()(lambda: None).__code__
PROCESS = os.environ.get("CRASH_PROCESS", "")
FOLDER = Path(os.environ.get("CRASH_FOLDER", "."))
_rename = os.rename


def install() -> None:
    """Watch this process."""
    _watch(BaseDatabaseWrapper, "commit", lambda *_, **__: "commit")
    _watch(CursorWrapper, "execute", _written)
    _watch(requests.Session, "send", _called)
    _watch(smtplib.SMTP, "sendmail", _handed_over)
    _watch(kombu.Producer, "publish", _published)
    for name in ("replace", "rename", "fsync"):
        _watch(os, name, lambda *_, name=name, **__: name)


def _watch(owner: Any, name: str, describe: Callable[..., str]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def watched(*args: Any, **options: Any) -> Any:
        what = describe(*args, **options)
        where = what and _where()
        if not where:
            return original(*args, **options)
        _pass(f"{PROCESS} {where}: {what}, before")
        result = original(*args, **options)
        _pass(f"{PROCESS} {where}: {what}, after")
        return result

    setattr(owner, name, watched)


def _written(cursor: CursorWrapper, sql: Any, *_: Any) -> str:
    """A write that is its own transaction."""
    if cursor.db.in_atomic_block:
        return ""
    write = re.match(r'\s*(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', str(sql))
    return f"{write[1].split()[0].lower()} {write[2]}" if write else ""


def _called(_: Any, request: Any, **__: Any) -> str:
    path = re.sub(r"/(?=\w*\d)(?!v\d/)\w+", "/…", request.path_url.partition("?")[0])
    return f"{request.method} {path}"


def _handed_over(_: Any, __: Any, recipients: Any, *___: Any, **____: Any) -> str:
    with suppress(FileNotFoundError):
        if (FOLDER / "poison").read_text() in recipients:
            os.kill(os.getpid(), signal.SIGKILL)
    return "hand over a mail"


def _published(*_: Any, headers: Any = None, **__: Any) -> str:
    return f"publish {(headers or {}).get('task', '')}"


def _where() -> str:
    """The innermost function of the shop on the stack; the line too, where it is still at work."""
    frame = sys._getframe(2)
    while frame:
        if frame.f_code is DECORATOR:
            function = frame.f_locals["func"]
            if _is_ours(function.__module__):
                return f"{function.__module__}.{function.__qualname__}"
        elif _is_ours(module := frame.f_globals.get("__name__", "")):
            name = re.sub(r"\.<\w+>", "", frame.f_code.co_qualname)
            return f"{module}.{name} line {frame.f_lineno}"
        frame = frame.f_back
    return ""


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in OURS


def _pass(name: str) -> None:
    if (FOLDER / "record").exists():
        with (FOLDER / "record").open("a") as names:
            names.write(f"{name}\n")
    if _is_wanted(name) and _is_first():
        if (FOLDER / "whole").exists():
            os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


def _is_wanted(name: str) -> bool:
    try:
        return bool(re.fullmatch((FOLDER / "next").read_text(), name))
    except FileNotFoundError:
        return False


def _is_first() -> bool:
    try:
        _rename(FOLDER / "next", FOLDER / "struck")
    except FileNotFoundError:  # another process was here at the same time
        return False
    return True
