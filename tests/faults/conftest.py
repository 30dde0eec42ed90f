"""`shop`: a whole shop that can be broken anywhere, once with RabbitMQ and once with Redis."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.faults.lines import PROCESSES
from tests.faults.mailbox import MoodyMailbox
from tests.faults.shop import FragileShop, forget_keys
from tests.faults.soundness import assert_sound
from tests.fixtures.sandbox import ROOT, SECRET, check_traffic, run_sandbox
from tests.fixtures.surroundings import (
    database_beside,
    free_port,
    mail_server,
    own_queue,
)

BROKERS = {
    "RabbitMQ": os.environ.get("FAULTS_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//"),
    "Redis": os.environ.get("FAULTS_REDIS", "redis://127.0.0.1:6379/3"),
}


@pytest.fixture(scope="session")
def open_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FragileShop]:
    """The demo shop on PostgreSQL with everything around it; its processes are yet to start."""
    assert os.environ.get("DATABASE_URL", "").startswith("postgres"), "start me by `make faults`"
    folder = tmp_path_factory.mktemp("shop")
    with ExitStack() as stack:
        port = free_port()
        webhook = f"http://127.0.0.1:{port}/payments/stripe/"
        sandbox = stack.enter_context(
            contextmanager(run_sandbox)(
                folder / "sandbox.sqlite3", "--webhook-url", webhook, "--webhook-secret", SECRET
            )
        )
        mails = MoodyMailbox()
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "PGSSLMODE": "disable",  # the proxies read what is said,
            "PGGSSENCMODE": "disable",
            "PREPARED_STATEMENTS": "off",  # in so many words each time
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": stack.enter_context(database_beside(folder)),
            "BASE_URL": f"http://127.0.0.1:{port}",
            "STRIPE_API_BASE": sandbox.url,
            "STRIPE_WEBHOOK_SECRETS": SECRET,
            "EMAIL_URL": stack.enter_context(mail_server(mails)),
            "CACHE_URL": os.environ.get("CACHE_URL", "redis://127.0.0.1:6379/1"),
        }
        shop = FragileShop(folder, sandbox, mails, environment)
        stack.callback(shop.close)
        shop.manage("migrate", "--verbosity", "0")
        shop.manage("demo", "--without-orders", "--force")
        shop.make_pictures()  # which takes the worker a minute, and happens but once
        shop.sql("UPDATE products_stockitem SET on_hand = on_hand + 1000 WHERE on_hand > 0")
        shop.sql(
            "INSERT INTO products_stockmovement (item_id, reason, on_hand_change, reserved_change,"
            " reference, note, moved_at) SELECT variant_id, 'received', 1000, 0, '', '', now()"
            " FROM products_stockitem WHERE on_hand > 0"
        )
        stack.enter_context(shop.behind_proxies())
        yield shop
        shop.stop_all()
        check_traffic(sandbox.requests())


@pytest.fixture(scope="session", params=BROKERS)
def running_shop(request: pytest.FixtureRequest, open_shop: FragileShop) -> Iterator[FragileShop]:
    """The shop with all its processes, on one broker after the other."""
    address = BROKERS[request.param]
    with own_queue(address) as queue:
        open_shop.use_broker(request.param, address, queue)
        for name in PROCESSES:
            open_shop.start(name)
        open_shop.wait_until_open()
        yield open_shop
        open_shop.stop_all()
    forget_keys(open_shop.environment["CACHE_URL"], queue)
    if address.startswith("redis:"):
        forget_keys(address, queue)


@pytest.fixture
def shop(running_shop: FragileShop) -> Iterator[FragileShop]:
    """The running shop. After the test it is healed, and its books must balance."""
    running_shop.heal()
    yield running_shop
    running_shop.heal()
    assert_sound(running_shop)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make faults ARGS='--moments printing'` picks the moments at which processes are killed."""
    parser.addoption("--moments", default="", help="kill at the moments this pattern finds")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the running shop runs by `make faults` alone."""
    for item in items:
        if "running_shop" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    """A failed test shows what the processes said."""
    report = yield
    shop = getattr(item, "funcargs", {}).get("running_shop")
    if report.failed and shop:
        report.sections.append(("Processes of the shop", shop.logs()))
    return report
