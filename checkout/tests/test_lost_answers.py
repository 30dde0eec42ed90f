"""Answers that got lost, things that overtook each other, and orders nobody can pay."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from checkout import tasks
from checkout.gateways import deadline
from checkout.gateways.deadline import PunctualAdapter
from checkout.models import Order, PaymentAttempt, ProviderEvent, ShippingRate
from checkout.payments import booking, inbox, paying
from checkout.payments.pages import PATIENCE
from checkout.tests.buying import Shopper, open_shop
from checkout.views import ordering
from invoices.models import Invoice
from mailing.models import Message
from products.models import ProductPage, StockItem, Variant
from products.tests.factories import make_variant
from tests.fixtures.sandbox import post_event

pytestmark = pytest.mark.django_db
State = PaymentAttempt.State


@pytest.fixture
def shopper(sandbox):
    open_shop()
    make_variant("TEA-100", price="12.50", stock=10)
    shopper = Shopper()
    shopper.add("TEA-100")
    return shopper


def pay(shopper: Shopper, order: Order) -> str:
    """Press "Pay now" and return where that leads."""
    return str(shopper.client.post(reverse("orders:pay", args=[order.token])).url)


def reserved() -> int:
    return StockItem.objects.get().reserved


def kinds_mailed() -> set[str]:
    return set(Message.objects.values_list("kind", flat=True))


def test_an_error_the_provider_repeats_for_a_day_ends_in_a_new_attempt(sandbox, shopper):
    sandbox.fail("checkout.sessions.create", kind="500", when="before", times=1)
    shopper.send(shopper.form())
    order = Order.objects.get()

    for _ in range(PATIENCE - 1):
        assert pay(shopper, order) == order.get_absolute_url()
    page = pay(shopper, order)

    assert order.attempts.count() == 2
    assert page.startswith(sandbox.url)


def test_a_page_made_behind_a_repeated_error_is_found(sandbox, shopper):
    sandbox.fail("checkout.sessions.create", kind="500", when="after", times=1)
    shopper.send(shopper.form())
    order = Order.objects.get()

    pay(shopper, order)
    page = pay(shopper, order)

    attempt = order.attempts.get()
    assert attempt.state == State.OPEN
    assert page == attempt.url


def test_the_provider_keeps_no_shopper_waiting_for_longer_than_twelve_seconds(
    sandbox, shopper, monkeypatch
):
    send, left = PunctualAdapter.send, []

    def watched(*args: Any, **options: Any) -> Any:
        left.append(deadline.seconds_left())
        return send(*args, **options)

    monkeypatch.setattr(PunctualAdapter, "send", watched)
    sandbox.fail("checkout.sessions.create", kind="reset", when="before", times=2)
    shopper.send(shopper.form())
    order = Order.objects.get()
    placing = len(left)
    pay(shopper, order)
    paying_again = len(left) - placing
    shopper.come_back(order)
    coming_back = len(left) - placing - paying_again
    shopper.client.post(reverse("orders:cancel", args=[order.token]))

    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED
    assert (placing, paying_again, coming_back, len(left)) == (2, 1, 1, 6)
    assert max(left) <= 12


def test_a_page_the_provider_does_not_know_is_shown_to_staff_and_frees_the_goods(
    sandbox, shopper, time_machine_at
):
    order = shopper.place()
    sandbox.control("reset")

    with time_machine_at(hours=3):
        tasks.expire_orders()

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.EXPIRED, Order.Hold.NEEDS_REVIEW)
    assert reserved() == 0


def test_a_page_whose_end_nobody_told_us_is_replaced_by_a_new_one(
    sandbox, shopper, time_machine_at
):
    order = shopper.place()
    first = order.attempts.get()
    sandbox.expire(first.reference)

    with time_machine_at(minutes=70):
        page = paying.start(order, at=timezone.now()).url

    assert page.startswith(sandbox.url)
    assert page != first.url


def test_an_order_staff_must_look_at_is_not_asked_about_for_ever(sandbox, shopper, time_machine_at):
    order = shopper.place()
    reference = order.attempts.get().reference
    sandbox.pay(reference)
    sandbox.control(f"amount/{reference}", amount_total=1)
    shopper.come_back(order)
    asked = len(sandbox.requests())

    with time_machine_at(days=2):
        tasks.sweep_attempts()
        tasks.expire_orders()

    assert len(sandbox.requests()) == asked
    assert reserved() == 1


def test_one_orders_trouble_does_not_keep_the_goods_of_others(
    sandbox, shopper, time_machine_at, monkeypatch
):
    first = shopper.place()
    other = Shopper()
    other.add("TEA-100")
    second = other.place()
    close = paying._close

    def troubled(order: Order, *args: object, **kwargs: object) -> Order:
        if order.pk == first.pk:
            raise RuntimeError("trouble")
        return close(order, *args, **kwargs)

    monkeypatch.setattr(paying, "_close", troubled)
    with time_machine_at(hours=3):
        tasks.expire_orders()

    second.refresh_from_db()
    assert second.status == Order.Status.EXPIRED


def test_an_event_that_kills_its_worker_is_given_up_and_shown(shopper):
    event = ProviderEvent.objects.create(
        gateway="stripe",
        event_id="evt_1",
        kind="checkout.session.completed",
        payload={},
        received_at=timezone.now(),
        due_at=timezone.now(),
        attempts=inbox.MAX_ATTEMPTS,
    )

    inbox.handle(event.pk, at=timezone.now())

    event.refresh_from_db()
    assert event.state == ProviderEvent.State.FAILED


def test_our_own_ending_of_a_page_invites_nobody_to_pay(sandbox, shopper, run_tasks):
    order = shopper.place()
    PaymentAttempt.objects.update(closing=True)
    sandbox.expire(order.attempts.get().reference)

    # The provider's event is here before the answer to our own call.
    sandbox.deliver("checkout.session.expired")
    run_tasks()

    assert order.attempts.get().state == State.EXPIRED
    assert "payment_expired" not in kinds_mailed()


def test_a_new_page_keeps_an_order_that_the_sweep_had_already_listed(sandbox, shopper):
    order = shopper.place()
    listed = Order.objects.get()
    Order.objects.update(expires_at=timezone.now() + timedelta(hours=1))

    paying.expire(listed, at=timezone.now())

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert order.attempts.get().state == State.OPEN


def test_a_debit_found_failed_at_the_last_minute_leaves_a_day_to_pay_again(
    sandbox, shopper, time_machine_at
):
    order = shopper.place()
    reference = order.attempts.get().reference
    sandbox.pay(reference, method="bank_debit")
    sandbox.control(f"async/{reference}", outcome="failed")

    with time_machine_at(hours=3):
        tasks.expire_orders()

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert "payment_failed" in kinds_mailed()
    assert "order_expired" not in kinds_mailed()


def test_two_windows_at_once_make_one_order(sandbox, shopper, monkeypatch):

    slow = Shopper()
    slow.client.cookies = shopper.client.cookies
    form = slow.form()
    settled = ordering._settled

    def overtaken(*args: object) -> Order | None:
        # While the slow window is on its way, the other one orders.
        monkeypatch.setattr(ordering, "_settled", settled)
        shopper.place()
        return None

    monkeypatch.setattr(ordering, "_settled", overtaken)
    session = shopper.client.session
    session["order"] = "an order that is long gone"
    session.save()
    response = slow.send(form)

    assert "in another window" in response.content.decode()
    assert Order.objects.filter(status=Order.Status.PLACED).count() == 1
    assert reserved() == 1


def test_a_form_whose_order_is_closed_makes_a_new_one_when_sent_again(sandbox, shopper):
    form = shopper.form()
    shopper.send(form)
    paying.cancel(Order.objects.get(), at=timezone.now())

    page = shopper.send(form)

    assert "closed meanwhile" in page.content.decode()
    assert shopper.place().status == Order.Status.PLACED


def test_a_form_whose_commit_was_not_heard_of_is_the_same_order_when_sent_again(
    shopper, monkeypatch
):
    with monkeypatch.context() as patch:

        def unheard(*_: object) -> None:
            raise OperationalError("the connection was lost")

        patch.setattr(ordering, "to_payment", unheard)
        shown = shopper.send(shopper.form()).content.decode()
    (key,) = re.findall(r'name="key" value="([^"]*)"', shown)

    shopper.send(shopper.form(key=key))

    assert "you will not order twice" in shown
    assert Order.objects.get().status == Order.Status.PLACED
    assert reserved() == 1


def test_the_longest_names_reach_the_invoice(sandbox, shopper):
    ProductPage.objects.update(title="T" * 255)
    Variant.objects.update(first_value="F" * 60, second_value="S" * 60)

    order = shopper.place()
    sandbox.pay(order.attempts.get().reference)
    shopper.come_back(order)

    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_a_shipping_price_between_two_cents_is_rounded_before_it_is_shown(sandbox, shopper):
    ShippingRate.objects.update(price=Decimal("4.995"))

    order = shopper.place()

    assert order.shipping == Decimal("5.00")
    assert order.attempts.get().amount_minor == 1750


def test_an_event_with_fractions_is_stored_like_any_other(client):

    event = {
        "id": "evt_price",
        "object": "event",
        "type": "price.created",
        "created": 1_800_000_000,
        "livemode": False,
        "data": {"object": {"object": "price", "id": "price_1", "unit_amount_decimal": "12.5"}},
    }

    assert post_event(event, client).status_code == 200
    assert ProviderEvent.objects.get().payload == event


def test_the_provider_never_learns_the_secret_link(sandbox, shopper):
    order = shopper.place()
    sandbox.pay(order.attempts.get().reference)

    sandbox.deliver("checkout.session.completed")

    assert order.token not in str(sandbox.requests())
    assert order.token not in str(ProviderEvent.objects.get().payload)


def test_events_in_any_order_end_in_the_same_paid_order(sandbox, shopper, run_tasks):
    order = shopper.place()
    reference = order.attempts.get().reference
    sandbox.pay(reference, card="4000000000000002")
    sandbox.pay(reference)
    events = sandbox.events()

    for event in [*reversed(events), *events, *events[::2]]:
        assert post_event(event, shopper.client).status_code == 200
    run_tasks()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert ProviderEvent.objects.count() == len(events)
    kinds = list(order.events.values_list("kind", flat=True))
    assert sorted(kinds) == ["invoiced", "paid", "payment_declined", "placed"]


def test_a_currency_without_cents_is_charged_in_whole_units(sandbox, shopper, settings):
    settings.SHOP_CURRENCY = "JPY"
    variant = make_variant("SENCHA-JP", price="1250", title="Sencha from Uji")
    ShippingRate.objects.filter(price=0).delete()  # the free one from 60 on
    ShippingRate.objects.update(currency="JPY", price=600)
    abroad = Shopper()
    abroad.add(variant.sku, 2)

    order = abroad.place()
    sandbox.pay(order.attempts.get().reference)
    abroad.come_back(order)

    order.refresh_from_db()
    assert (order.total, order.attempts.get().amount_minor) == (3100, 3100)
    assert order.status == Order.Status.PAID
    assert Invoice.objects.get().total == 3100


def test_an_order_whose_time_was_extended_at_the_last_moment_is_not_expired(sandbox, shopper):
    order = shopper.place()
    PaymentAttempt.objects.update(state=State.EXPIRED)

    booking.close(order, Order.Status.EXPIRED, at=order.expires_at - timedelta(seconds=1))

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert reserved() == 1
