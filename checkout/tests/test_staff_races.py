"""Two colleagues at two desks."""

import pytest
from django.utils import timezone

from checkout.models import Order
from checkout.models.orders import WrongTurn
from checkout.orders import fulfilment
from checkout.tests.desks import at_two_desks
from checkout.tests.factories import make_order


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_send_an_order_once(monkeypatch):
    order = make_order(status="paid")

    def send(desk: int) -> str:
        try:
            fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())
        except WrongTurn:
            return "too late"
        return "sent"

    assert at_two_desks(monkeypatch, Order, "move_to", send) == ["sent", "too late"]
    assert order.events.filter(kind="fulfilled").count() == 1
