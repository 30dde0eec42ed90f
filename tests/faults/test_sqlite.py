"""SQLite keeps what it was told, whenever the process that writes is killed."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.people import Buyer
from tests.fixtures.sandbox import ROOT, Sandbox
from tests.fixtures.surroundings import free_port
from tests.fixtures.waiting import wait_until
from tests.fixtures.whole_shop import Shop

BUYERS = 4
ROUNDS = 3


class Gone(Exception):
    """The shop does not answer any more."""


class MortalShop(Shop):
    def tend(self) -> None:
        """Called by a buyer whose page did not load: nobody helps."""
        raise Gone


@pytest.fixture
def shop(tmp_path):
    """The demo shop on SQLite, web alone; the provider is away."""
    port = free_port()
    environment = {
        "DJANGO_SETTINGS_MODULE": "storefront.settings.dev",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'shop.sqlite3'}",
        "CACHE_URL": "locmemcache://",
        "CELERY_BROKER_URL": "filesystem://localhost",
        "CELERY_QUEUE": "celery",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "STRIPE_API_BASE": "http://127.0.0.1:9",
        "DEBUG": "0",
    }
    shop = MortalShop(tmp_path, Sandbox(""), environment)
    shop.manage("migrate", "--verbosity", "0")
    shop.manage("demo", "--without-orders", "--force")
    yield shop
    shop.stop_all()


@pytest.mark.faults
@pytest.mark.row("kill -9 on SQLite under writes")
def test_what_was_acknowledged_survives_the_kill(shop, tmp_path):
    tokens: list[str] = []

    def buy_until_it_is_gone(_: int) -> None:
        try:
            while True:
                buyer = Buyer(shop)
                buyer.add("SENCHA-50")
                answer = buyer.send(buyer.form())
                assert answer.status_code == 302, answer.text
                tokens.append(answer.headers["Location"].split("/")[2])
        except Gone:
            return

    for number in range(ROUNDS):
        shop.start("web")
        before = len(tokens)
        wait_until(shop._answers, 60, "the first page")
        with ThreadPoolExecutor(BUYERS) as pool:
            buyers = pool.map(buy_until_it_is_gone, range(BUYERS))
            enough = before + 5 + number
            try:
                wait_until(lambda enough=enough: len(tokens) >= enough, 60, "enough orders")
            finally:
                shop.stop("web")
            list(buyers)

    assert check(tmp_path / "shop.sqlite3", "PRAGMA integrity_check") == [("ok",)]
    kept = check(
        tmp_path / "shop.sqlite3",
        "SELECT token FROM checkout_order o WHERE EXISTS (SELECT 1 FROM checkout_orderline"
        " WHERE order_id = o.id) AND EXISTS (SELECT 1 FROM mailing_message"
        " WHERE key = 'order:' || o.id || ':received')",
    )
    assert {(token,) for token in tokens} <= set(kept)


def check(database: Path, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()
