"""The broker is down or frozen while somebody pays; what was owed follows later."""

import socket
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


@pytest.mark.row("broker down or frozen while payments arrive")
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
    for event in ProviderEvent.objects.values_list("pk", flat=True):
        checkout_tasks.handle_event(event)
    for invoice in Invoice.objects.values_list("pk", flat=True):
        invoice_tasks.print_invoice(invoice)
    for message in Message.objects.values_list("pk", flat=True):
        mailing_tasks.deliver(message)
