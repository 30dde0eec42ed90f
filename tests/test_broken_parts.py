"""Parts of the shop that break while somebody pays, and what holds all the same."""

import re
import socket
import time
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from django.test import Client

from checkout import tasks as checkout_tasks
from checkout.models import Order, ProviderEvent
from checkout.tests.buying import Shopper, open_shop
from invoices import tasks as invoice_tasks
from invoices.models import Invoice
from mailing import tasks as mailing_tasks
from mailing.models import Message
from products.tests.factories import make_variant
from storefront import waking
from storefront.celery import app

from .fixtures.whole_shop import Shop
from .test_sale import buy, has_pdf
from .test_sale import person as person


@pytest.fixture
def broken_broker(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address where nobody listens, or where somebody listens and never says a word."""
    scheme, behaviour = request.param
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if behaviour == "frozen":
            yield f"{scheme}://guest:guest@127.0.0.1:{port}//"
            return
    yield f"{scheme}://guest:guest@127.0.0.1:{port}//"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "broken_broker",
    [("amqp", "down"), ("amqp", "frozen"), ("redis", "down"), ("redis", "frozen")],
    ids=" ".join,
    indirect=True,
)
def test_payment_is_taken_while_the_broker_is_away_and_the_rest_follows(
    sandbox, broken_broker, monkeypatch, settings
):
    open_shop()
    make_variant("TEA-100")
    shopper = Shopper()
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(order.attempts.get().reference)
    answered, given_up = Event(), Event()
    apply_async = waking.Task.apply_async

    def publish(task: waking.Task, args: tuple[Any, ...], **options: Any) -> Any:
        answered.wait(60)  # the answer below does not wait for this
        try:
            options_of_its_kind = settings.BROKER_OPTIONS[broken_broker.split(":")[0]]
            with app.connection_for_write(
                broken_broker, transport_options=options_of_its_kind
            ) as connection:
                return apply_async(task, args, connection=connection, **options)
        finally:
            given_up.set()

    monkeypatch.setattr(waking.Task, "apply_async", publish)

    response = sandbox.deliver("checkout.session.completed", Client())
    assert response.status_code == 200
    assert ProviderEvent.objects.get().state == ProviderEvent.State.RECEIVED
    answered.set()
    assert given_up.wait(60), "publishing hangs"
    monkeypatch.undo()

    sweep_everything()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert Invoice.objects.get().file
    assert set(Message.objects.values_list("kind", "state")) == {
        ("order_received", "sent"),
        ("payment_received", "sent"),
    }


def sweep_everything() -> None:
    """What beat does once the broker is back."""
    checkout_tasks.sweep_events()
    for invoice in Invoice.objects.values_list("pk", flat=True):
        invoice_tasks.print_invoice(invoice)
    for message in Message.objects.values_list("pk", flat=True):
        mailing_tasks.deliver(message)


def test_a_worker_killed_while_printing_costs_no_number_and_no_second_mail(
    shop_processes: Shop, person
) -> None:
    mails = shop_processes.mails
    printing = printed_so_far(shop_processes)

    number = buy(person(), "/tea/black/darjeeling/", email="killed@example.com")
    wait_until(lambda: printed_so_far(shop_processes) > printing)
    shop_processes.stop("worker")
    shop_processes.start("worker")

    mails.wait_for(lambda mail: has_pdf(mail) and number in str(mail), seconds=180)
    sent = [mail for mail in mails.messages if has_pdf(mail) and number in str(mail)]
    assert len(sent) == 1
    assert numbers_without_gap(shop_processes)


def printed_so_far(shop: Shop) -> int:
    """How many invoices the worker has begun to print."""
    log = (shop.folder / "worker.log").read_text(errors="replace")
    return len(re.findall(r"print_invoice\[[^]]+\] received", log))


def numbers_without_gap(shop: Shop) -> bool:
    command = (
        "from invoices.models import Invoice;"
        "print(*sorted(Invoice.objects.values_list('sequence', flat=True)))"
    )
    numbers = [int(word) for word in shop.manage("shell", "--no-imports", "-c", command).split()]
    return numbers == list(range(1, len(numbers) + 1))


def wait_until(happened: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
