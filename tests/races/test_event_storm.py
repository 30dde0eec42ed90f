"""Thousands of events at once: tripled, shuffled, some forged, some tampered with.

`EVENTS=10000` runs the storm at its full size; the suite runs a small one.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from checkout import tasks
from checkout.models import Order, OrderEvent, ProviderEvent
from checkout.tests.buying import Shopper, open_shop
from invoices.models import Invoice
from mailing.models import Message
from products.models import StockItem
from products.tests.factories import make_variant
from tests.fixtures.sandbox import SECRET, Sandbox, post_event, signature

EVENTS = int(os.environ.get("EVENTS", "60"))
ONE_IN = 20  # five percent forged, and as many tampered with


@pytest.mark.django_db(transaction=True)
def test_of_a_storm_of_events_each_true_one_counts_once_and_no_forged_one_at_all(sandbox):
    open_shop()
    make_variant("TEA-100", stock=EVENTS)
    events = events_of_paid_orders(sandbox)
    chance = random.Random(7)
    forged = chance.sample(events, len(events) // ONE_IN)
    tampered = chance.sample(events, len(events) // ONE_IN)
    deliveries = [
        *([true_one(event) for event in events] * 3),
        *[forgery(event) for event in forged],
        *[tampering(event) for event in tampered],
    ]
    chance.shuffle(deliveries)

    answers = at_once(lambda deliver: deliver(), deliveries)
    at_once(tasks.handle_event, list(ProviderEvent.objects.values_list("pk", flat=True)))

    paid = Order.objects.count()
    assert answers == {200: 3 * len(events), 400: len(forged) + len(tampered)}
    assert ProviderEvent.objects.count() == len(events)
    assert not ProviderEvent.objects.filter(event_id__startswith="evt_forged").exists()
    assert set(Order.objects.values_list("status", flat=True)) == {"paid"}
    assert OrderEvent.objects.filter(kind="paid").count() == paid
    assert sorted(Invoice.objects.values_list("sequence", flat=True)) == list(range(1, paid + 1))
    assert StockItem.objects.get().on_hand == EVENTS - paid
    assert Message.objects.filter(kind="order_received").count() == paid


def events_of_paid_orders(sandbox: Sandbox) -> list[dict[str, Any]]:
    """What the provider has to say once enough orders are paid; the shop has heard none of it."""
    while len(events := sandbox.events()) < EVENTS:
        for _ in range(max(1, (EVENTS - len(events)) // 8)):
            shopper = Shopper()
            shopper.add("TEA-100")
            order = shopper.place(email=f"shopper{Order.objects.count()}@example.com")
            sandbox.pay(order.attempts.get().reference)
    return events


def true_one(event: dict[str, Any]) -> Callable[[], int]:
    return lambda: int(post_event(event, Client()).status_code)


def forgery(event: dict[str, Any]) -> Callable[[], int]:
    """An event nobody sent, signed with a secret that is not ours."""
    made_up = {**event, "id": f"evt_forged_{event['id']}"}
    return lambda: int(post_event(made_up, Client(), secret="whsec_guessed").status_code)


def tampering(event: dict[str, Any]) -> Callable[[], int]:
    """A true event changed on its way, with the signature of the original."""
    original = json.dumps(event).encode()
    changed = json.dumps({**event, "id": f"evt_forged_{event['id']}"}).encode()

    def deliver() -> int:
        answer = Client().post(
            "/payments/stripe/",
            changed,
            content_type="application/json",
            headers={"Stripe-Signature": signature(original, SECRET, time.time())},
        )
        return int(answer.status_code)

    return deliver


def at_once(do: Callable[[Any], Any], things: list[Any]) -> Counter[Any]:
    """Do it to all of them in eight threads; what each came to."""

    def run(share: list[Any]) -> Iterator[Any]:
        try:
            return iter([do(thing) for thing in share])
        finally:
            connection.close()

    shares = [things[number::8] for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        return Counter(outcome for share in pool.map(run, shares) for outcome in share)
