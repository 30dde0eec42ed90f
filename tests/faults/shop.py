"""A whole shop whose every line to a server can be broken and whose processes can be killed."""

import os
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import redis
from kombu import Connection

from tests.faults.crashes import Crashes
from tests.faults.lines import PROCESSES, SERVERS, Lines, through
from tests.faults.mailbox import MoodyMailbox
from tests.faults.proxy import Proxy
from tests.fixtures.sandbox import Sandbox
from tests.fixtures.waiting import wait_until
from tests.fixtures.whole_shop import Shop

WAITING = """
    SELECT 1 FROM invoices_invoice WHERE printed_at IS NULL
    UNION SELECT 1 FROM mailing_message WHERE state = 'due'
    UNION SELECT 1 FROM checkout_providerevent WHERE state = 'received'"""
LEASE = 30  # seconds the shop waits for somebody who may be dead


class FragileShop(Shop):
    """As `Shop`; its processes reach every server through proxies of their own."""

    def __init__(
        self, folder: Path, sandbox: Sandbox, mails: MoodyMailbox, environment: dict[str, str]
    ) -> None:
        super().__init__(folder, sandbox, environment)
        self.mails = mails
        self.crashes = Crashes(folder / "crashes")
        self.lines: dict[str, Lines] = {}
        self.excused: Counter[int] = Counter()  # mails that may arrive so often more, by message
        self.patience = LEASE
        self.broker = ""
        self._known_commands: list[str] | None = None
        self._database = psycopg.connect(environment["DATABASE_URL"], autocommit=True)

    @contextmanager
    def behind_proxies(self) -> Iterator[None]:
        """Put a proxy between every process and every server."""
        with ExitStack() as stack:
            for server, (variable, port) in SERVERS.items():
                target = urlsplit(self.environment.get(variable, ""))
                host, port = target.hostname or "127.0.0.1", target.port or port
                lines = {name: stack.enter_context(Proxy(host, port)) for name in PROCESSES}
                self.lines[server] = Lines(lines)
            yield

    def use_broker(self, name: str, address: str, queue: str) -> None:
        """Talk through this server and queue from the next start of a process on."""
        self.broker = name
        self.environment |= {
            "CELERY_BROKER_URL": address, "CELERY_QUEUE": queue, "CACHE_PREFIX": queue
        }  # fmt: skip
        target = urlsplit(address)
        self.lines["broker"].lead_to(target.hostname, target.port)

    def start(self, name: str, **changes: str) -> None:
        """Start web, worker or beat behind its proxies; a second one is called "beat 2"."""
        process = name.split()[0]
        around = {
            variable: through(self.lines[server].of(process), self.environment[variable])
            for server, (variable, _) in SERVERS.items()
        }
        super().start(
            name, **around, CRASH_PROCESS=process, CRASH_FOLDER=str(self.crashes.folder), **changes
        )

    def stop(self, name: str) -> None:
        with suppress(ProcessLookupError):  # children may outlive their parent
            os.killpg(self._processes[name].pid, 9)
        super().stop(name)
        self._log(name).rename(self.folder / f"{name} {time.monotonic_ns()}.log.old")

    def revive(self, **environment: str) -> None:
        """Start again whatever has died."""
        for name, process in list(self._processes.items()):
            if process.poll() is not None:
                self.stop(name)
                self.start(name, **environment)

    def tend(self) -> None:
        """What a supervisor does, and time: start what died, and let its leases run out."""
        self.revive()
        if self.crashes.strikes():
            self.take_over()

    def take_over(self) -> None:
        """The leases of the dead run out; a mail they handed over may be sent once more."""
        self.excused += self._handed_over_and_not_noted()
        self.later(self.patience)

    def _handed_over_and_not_noted(self) -> Counter[int]:
        """Mails that whoever takes over must send again: nobody can know that they arrived."""
        held = self.sql("SELECT id FROM mailing_message WHERE leased_until IS NOT NULL")
        arrived = {mail["Message-ID"].split("-")[1] for mail in self.mails.messages}
        return Counter(pk for (pk,) in held if str(pk) in arrived)

    def heal_lines(self) -> None:
        """End every fault of a line and of the provider."""
        for lines in self.lines.values():
            lines.heal()
        self.sandbox.control("faults", clear=1)
        self.sandbox.control("mode", mode="deliver")
        self.mails.reply, self.mails.drops = "", 0

    def heal(self) -> None:
        """End every fault, and start what is not there."""
        self.heal_lines()
        self.crashes.forget()
        for name in PROCESSES:
            if name not in self._processes:
                self.start(name)
        self.revive()
        self.wait_until_open()

    def logs(self, lines: int = 20) -> str:
        """The last lines of every process."""
        return super().logs(lines)

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the shop's database, asked past every proxy."""
        cursor = self._database.execute(query, values)
        return cursor.fetchall() if cursor.description else []

    def provider_knows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the sandbox's database: its API would list everything from the beginning."""
        with closing(sqlite3.connect(self.folder / "sandbox.sqlite3", timeout=20)) as provider:
            return provider.execute(query, values).fetchall()

    def latest_page(self) -> str:
        """The provider's name of the page it made last, whether or not it could tell us."""
        pages = "SELECT key FROM sandbox_document WHERE kind = 'checkout.session'"
        ((page,),) = self.provider_knows(f"{pages} ORDER BY seq DESC LIMIT 1")
        return str(page)

    def can(self, command: str) -> bool:
        """Whether manage.py knows the command."""
        if self._known_commands is None:
            self._known_commands = self.manage("help", "--commands").split()
        return command in self._known_commands

    @contextmanager
    def changed(self, *names: str, **environment: str) -> Iterator[None]:
        """Run these processes in another environment. They are gone afterwards, until `heal`."""
        for name in names:
            self.stop(name)
            self.start(name, **environment)
        self.wait_until_open()
        try:
            yield
        finally:
            for name in names:
                self.stop(name)

    @contextmanager
    def reinforced(self, *names: str) -> Iterator[None]:
        """Run these beside the others, "beat 2" and "worker 2"."""
        for name in names:
            self.start(name)
        workers = [self._log(name) for name in names if name.startswith("worker")]
        wait_until(lambda: all(b"ready." in log.read_bytes() for log in workers), 60, "the worker")
        try:
            yield
        finally:
            for name in names:
                self.stop(name)

    def catch_up(self) -> None:
        """Let everything that waits happen; for as long as that helps."""
        self.heal()
        self.later(3600)
        with suppress(AssertionError):
            wait_until(lambda: not self.sql(WAITING), 20)

    def answer_to(self, kind: str, page: str) -> tuple[int, int]:
        """What the shop first answered to the webhook about a payment page: status and ms."""
        tries = (
            "SELECT t.status, t.ms FROM sandbox_try t JOIN sandbox_document e ON e.key = t.event"
            " WHERE t.type = ? AND json_extract(e.data, '$.data.object.id') = ? ORDER BY t.id"
        )
        status, ms = wait_until(lambda: self.provider_knows(tries, kind, page), 20, "the webhook")[
            0
        ]
        return status, ms

    def wipe_broker(self) -> None:
        """Everything in the queue is gone."""
        with (
            Connection(
                self.environment["CELERY_BROKER_URL"],
                transport_options={"global_keyprefix": f"{self.environment['CELERY_QUEUE']}:"},
            ) as broker,
            broker.channel() as channel,
        ):
            channel.queue_purge(self.environment["CELERY_QUEUE"])

    def wipe_cache(self) -> None:
        forget_keys(self.environment["CACHE_URL"], self.environment["CACHE_PREFIX"])

    def ask_for(self, task: str) -> None:
        """Have a worker do what the beat asks for too seldom to be waited for."""
        self._ran(sys.executable, "-m", "celery", "-A", "storefront", "call", task)

    def later(self, seconds: float) -> None:
        """Let time pass for all that waits: leases, pauses, the next look at a payment."""
        waiting = self.sql(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema ="
            " 'public' AND column_name IN ('due_at', 'leased_until', 'check_at')"
        )
        for table, column in waiting:
            change = f"UPDATE {table} SET {column} = {column} - make_interval(secs => %s)"
            self.sql(f"{change} WHERE {column} IS NOT NULL", seconds)

    def close(self) -> None:
        self.stop_all()
        self._database.close()

    def _commands(self) -> dict[str, list[str]]:
        port = urlsplit(self.url).port
        usual = super()._commands()
        beat = ["celery", "-A", "storefront", "beat", "--loglevel", "warning"]
        worker = [*usual["worker"], "--without-gossip", "--without-mingle"]
        return {
            "worker": worker,
            "worker 2": [*worker, "--hostname", f"second-{self.environment['CELERY_QUEUE']}@%h"],
            # A killed child of this one is followed by a fork, without a second of imports.
            "web": ["gunicorn", "--bind", f"127.0.0.1:{port}", "--preload", "--threads", "4",
                    "--log-level", "warning", "storefront.wsgi:application"],
            "beat": beat,
            "beat 2": [*beat, "--schedule", str(self.folder / "second-schedule")],
        }  # fmt: skip


def forget_keys(server: str, part: str) -> None:
    """Remove every key of a Redis that has this in its name."""
    with redis.Redis.from_url(server) as client:
        for key in client.scan_iter(f"*{part}*"):
            client.delete(key)
