"""Two colleagues at two desks."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connection
from django.utils import timezone

from checkout.models import Order
from checkout.models.orders import WrongTurn
from checkout.orders import fulfilment
from checkout.tests.factories import make_order


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_send_an_order_once(monkeypatch):
    order = make_order(status="paid")
    both_have_read = Barrier(2)
    outcomes = []
    move = Order.move_to

    def move_together(self: Order, status: Order.Status) -> None:
        with suppress(BrokenBarrierError):  # the lock keeps the second from reading in time
            both_have_read.wait(timeout=1)
        move(self, status)

    def send() -> None:
        try:
            fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())
            outcomes.append("sent")
        except WrongTurn:
            outcomes.append("too late")
        finally:
            connection.close()

    monkeypatch.setattr(Order, "move_to", move_together)
    colleagues = [Thread(target=send) for _ in range(2)]
    for colleague in colleagues:
        colleague.start()
    for colleague in colleagues:
        colleague.join()

    assert sorted(outcomes) == ["sent", "too late"]
    assert order.events.filter(kind="fulfilled").count() == 1
