"""From the cart to the paid order, against the sandbox."""

from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from checkout import tasks
from checkout.models import Order, OrderEvent, PaymentAttempt, ShippingRate
from checkout.payments import booking, paying
from checkout.tests.buying import Shopper, open_shop
from invoices.models import Invoice
from mailing.models import Message
from products.models import StockItem
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def shopper(sandbox):
    open_shop()
    make_variant("TEA-100", price="12.50", stock=10, title="Sencha", tax_class="reduced")
    make_variant("POT-1", price="39.00", stock=3, title="Kyusu", tax_class="standard")
    return Shopper()


def stock(sku: str) -> tuple[int, int]:
    return StockItem.objects.values_list("on_hand", "reserved").get(variant__sku=sku)


def session_of(order: Order) -> str:
    return order.attempts.latest("pk").reference


def kinds(order: Order) -> list[str]:
    return list(order.events.values_list("kind", flat=True))


def test_a_paid_order_is_billed_mailed_and_leaves_the_shelf(sandbox, shopper, run_tasks):
    shopper.add("TEA-100", 2)
    shopper.add("POT-1")
    order = shopper.place()
    assert stock("TEA-100") == (10, 2)

    sandbox.pay(session_of(order))
    assert sandbox.deliver("checkout.session.completed").status_code == 200
    run_tasks()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert order.total == Decimal("64.00")
    assert stock("TEA-100") == (8, 0)
    invoice = Invoice.objects.get()
    assert (invoice.total, invoice.order_number) == (Decimal("64.00"), order.number)
    assert invoice.file
    assert sorted(Message.objects.values_list("kind", "state")) == [
        ("order_received", "sent"),
        ("payment_received", "sent"),
    ]


def test_an_order_is_a_snapshot_with_vat_by_class(shopper):
    shopper.add("TEA-100", 2)
    shopper.add("POT-1")

    order = shopper.place()

    assert (order.subtotal, order.shipping, order.total) == (
        Decimal("64.00"), Decimal("0.00"), Decimal("64.00"),
    )  # fmt: skip
    assert order.taxes == [
        {"rate": "19.00", "net": "32.77", "tax": "6.23", "gross": "39.00", "category": "S"},
        {"rate": "7.00", "net": "23.36", "tax": "1.64", "gross": "25.00", "category": "S"},
    ]
    assert [(line.sku, line.quantity, line.tax) for line in order.lines.all()] == [
        ("TEA-100", 2, Decimal("1.64")),
        ("POT-1", 1, Decimal("6.23")),
    ]


def test_the_shopper_is_sent_to_a_page_that_asks_for_the_orders_total(sandbox, shopper):
    shopper.add("TEA-100")

    response = shopper.send(shopper.form())

    order = Order.objects.get()
    attempt = order.attempts.get()
    assert response.status_code == 303
    assert response.url == attempt.url
    assert attempt.url.startswith(sandbox.url)
    assert attempt.amount_minor == 1740
    assert order.status == Order.Status.PLACED


def test_declined_then_paid_with_another_card(sandbox, shopper, run_tasks):
    shopper.add("TEA-100")
    order = shopper.place()

    sandbox.pay(session_of(order), card="4000000000000002")
    sandbox.deliver("payment_intent.payment_failed")
    run_tasks()
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    sandbox.pay(session_of(order))
    shopper.come_back(order)

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert OrderEvent.Kind.PAYMENT_DECLINED in kinds(order)


def test_a_failed_3d_secure_leaves_the_order_payable(sandbox, shopper):
    shopper.add("TEA-100")
    order = shopper.place()

    sandbox.pay(session_of(order), card="4000002500003155", three_ds="fail")
    page = shopper.client.get(shopper.come_back(order).url).content.decode()

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert "Not paid yet" in page
    assert reverse("orders:pay", args=[order.token]) in page


def test_return_page_alone_settles_and_empties_the_cart(sandbox, shopper):
    sandbox.control("mode", mode="drop")
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order))

    response = shopper.come_back(order)

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert response.url == order.get_absolute_url()
    assert shopper.client.session["cart"] == {}
    assert "Thank you" in shopper.client.get(response.url).content.decode()


def test_the_provider_is_not_asked_as_often_as_the_return_page_is_loaded(
    sandbox, shopper, time_machine_at
):
    shopper.add("TEA-100")
    order = shopper.place()
    asked = len(sandbox.requests())

    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(5):
            Shopper().come_back(order)

    assert len(sandbox.requests()) == asked + 1
    sandbox.pay(session_of(order))
    with time_machine_at(seconds=4):
        shopper.come_back(order)
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_a_clock_that_was_ahead_keeps_nobody_from_asking(sandbox, shopper, time_machine_at):
    shopper.add("TEA-100")
    order = shopper.place()
    with time_machine_at(hours=1):
        shopper.come_back(order)
    sandbox.pay(session_of(order))

    shopper.come_back(order)

    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_return_page_keeps_a_cart_that_is_no_longer_the_orders(sandbox, shopper):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order))
    shopper.add("POT-1")

    shopper.come_back(order)

    assert set(shopper.client.session["cart"]) == {"TEA-100", "POT-1"}


def test_lost_webhook_and_closed_browser_are_found_by_the_sweep(sandbox, shopper, time_machine_at):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order))

    with time_machine_at(minutes=9):
        tasks.sweep_attempts()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID


@pytest.mark.parametrize("key", ["", "made-up", str(UUID(int=1)), "' OR 1=1 --", "x" * 3000])
def test_a_made_up_return_is_not_there(shopper, key):
    shopper.add("TEA-100")
    order = shopper.place()

    assert shopper.client.get(f"/checkout/return/{key}/").status_code == 404

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED


def test_coming_back_unpaid_says_so_whatever_the_address_claims(shopper):
    shopper.add("TEA-100")
    order = shopper.place()
    back = reverse("checkout:return", args=[order.attempts.get().key])

    response = shopper.client.get(back, {"session": "cs_test_made_up", "paid": 1}, follow=True)

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert "Not paid yet" in response.content.decode()


def test_another_orders_session_pays_nothing(sandbox, shopper):
    shopper.add("TEA-100")
    order = shopper.place()
    other = Shopper()
    other.add("TEA-100")
    paid = other.place()
    sandbox.pay(session_of(paid))
    # As if somebody had put the other's session under this order.
    session = session_of(paid)
    paid.attempts.update(reference="cs_test_moved")
    order.attempts.update(reference=session)

    shopper.come_back(order)

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PLACED, Order.Hold.NEEDS_REVIEW)
    assert not order.attempts.exclude(captured_minor=None).exists()


def test_the_way_back_shows_the_order_to_the_browser_that_went_to_pay_alone(sandbox, shopper):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order))
    stranger = Shopper()

    page = stranger.come_back(order).content.decode()

    assert "mail we sent you" in page
    assert order.token not in page
    assert order.number not in page
    assert shopper.come_back(order).url == order.get_absolute_url()
    assert shopper.come_back(order).url == order.get_absolute_url()


def test_paying_by_the_mails_link_in_another_browser_leads_back_to_the_order(sandbox, shopper):
    shopper.add("TEA-100")
    order = shopper.place()
    telephone = Shopper()
    telephone.client.post(reverse("orders:pay", args=[order.token]))
    sandbox.pay(session_of(order))

    assert telephone.come_back(order).url == order.get_absolute_url()


def test_a_tampered_total_is_not_paid_but_flagged(sandbox, shopper, time_machine_at):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order))
    sandbox.control(f"amount/{session_of(order)}", amount_total=1739)

    shopper.come_back(order)
    with time_machine_at(seconds=4):
        shopper.come_back(order)

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PLACED, Order.Hold.NEEDS_REVIEW)
    assert kinds(order).count(OrderEvent.Kind.NEEDS_REVIEW) == 1
    assert not Invoice.objects.exists()


def test_bank_debit_is_under_way_until_the_money_arrives(sandbox, shopper, run_tasks):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order), method="bank_debit")

    page = shopper.client.get(shopper.come_back(order).url).content.decode()
    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert "under way" in page
    assert reverse("orders:pay", args=[order.token]) not in page

    sandbox.control(f"async/{session_of(order)}", outcome="succeeded")
    sandbox.deliver("checkout.session.async_payment_succeeded")
    run_tasks()
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_failed_bank_debit_makes_the_order_payable_again_and_says_so(sandbox, shopper, run_tasks):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order), method="bank_debit")
    shopper.come_back(order)
    sandbox.control(f"async/{session_of(order)}", outcome="failed")

    sandbox.deliver("checkout.session.async_payment_failed")
    run_tasks()

    assert Message.objects.get(kind="payment_failed").state == "sent"
    first = session_of(order)
    shopper.client.post(reverse("orders:pay", args=[order.token]))
    assert session_of(order) != first
    sandbox.pay(session_of(order))
    shopper.come_back(order)
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_goods_under_way_stay_promised_however_long_it_takes(sandbox, shopper, time_machine_at):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order), method="bank_debit")
    shopper.come_back(order)

    with time_machine_at(days=3):
        tasks.expire_orders()

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert stock("TEA-100") == (10, 1)


def test_an_abandoned_order_expires_and_gives_its_stock_back(sandbox, shopper, time_machine_at):
    shopper.add("TEA-100", 2)
    order = shopper.place()

    with time_machine_at(hours=3):
        tasks.expire_orders()

    order.refresh_from_db()
    assert order.status == Order.Status.EXPIRED
    assert stock("TEA-100") == (10, 0)
    assert Message.objects.filter(kind="order_expired").count() == 1


def test_an_order_paid_in_the_last_second_is_not_expired(sandbox, shopper, time_machine_at):
    shopper.add("TEA-100", 2)
    order = shopper.place()
    sandbox.pay(session_of(order))

    with time_machine_at(hours=3):
        tasks.expire_orders()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert stock("TEA-100") == (8, 0)


def test_an_order_is_kept_while_the_provider_cannot_be_asked(sandbox, shopper, time_machine_at):
    shopper.add("TEA-100", 2)
    order = shopper.place()
    sandbox.fail("*", kind="500", when="before", times=20)

    with time_machine_at(hours=3):
        tasks.expire_orders()

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert stock("TEA-100") == (10, 2)


def test_an_expired_page_invites_to_pay_again(sandbox, shopper, run_tasks):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.expire(session_of(order))

    sandbox.deliver("checkout.session.expired")
    run_tasks()

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    message = Message.objects.get(kind="payment_expired")
    assert order.get_absolute_url() in message.text
    assert stock("TEA-100") == (10, 1)


def test_completed_after_expired_is_paid_all_the_same(sandbox, shopper, run_tasks):
    shopper.add("TEA-100")
    order = shopper.place()
    attempt = order.attempts.get()
    attempt.state = PaymentAttempt.State.EXPIRED
    attempt.save()
    sandbox.pay(session_of(order))

    sandbox.deliver("checkout.session.completed")
    run_tasks()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_money_for_a_closed_order_is_kept_and_shown_to_staff(sandbox, shopper, run_tasks):
    shopper.add("TEA-100", 2)
    order = shopper.place()
    sandbox.pay(session_of(order))
    # The order was closed while its payment was on the way.
    order.attempts.update(state=PaymentAttempt.State.EXPIRED)
    booking.close(order, Order.Status.CANCELLED, at=order.placed_at)

    sandbox.deliver("checkout.session.completed")
    run_tasks()

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.CANCELLED, Order.Hold.NEEDS_REVIEW)
    assert order.attempts.get().state == PaymentAttempt.State.PAID
    assert stock("TEA-100") == (10, 0)
    assert not Invoice.objects.exists()


def test_placing_again_closes_the_unpaid_order_first(sandbox, shopper):
    shopper.add("TEA-100")
    first = shopper.place()
    shopper.add("POT-1")

    second = shopper.place()

    first.refresh_from_db()
    assert first.status == Order.Status.CANCELLED
    assert second.status == Order.Status.PLACED
    assert stock("TEA-100") == (10, 1)
    with pytest.raises(AssertionError, match="expired"):
        sandbox.pay(session_of(first))


def test_placing_again_after_paying_unseen_shows_the_paid_order(sandbox, shopper):
    shopper.add("TEA-100")
    first = shopper.place()
    sandbox.pay(session_of(first))

    response = shopper.send(shopper.form())

    first.refresh_from_db()
    assert response.url == first.get_absolute_url()
    assert first.status == Order.Status.PAID
    assert Order.objects.count() == 1
    assert shopper.client.session["cart"] == {}


def test_the_same_form_twice_is_one_order_and_one_page(sandbox, shopper):
    shopper.add("TEA-100")
    form = shopper.form()

    first, second = shopper.send(form), shopper.send(form)

    assert first.url == second.url
    assert Order.objects.count() == 1
    assert PaymentAttempt.objects.count() == 1
    assert stock("TEA-100") == (10, 1)


def test_another_visitors_form_key_opens_nothing(sandbox, shopper):
    shopper.add("TEA-100")
    form = shopper.form()
    shopper.send(form)
    thief = Shopper()
    thief.add("TEA-100")

    thief.send(thief.form(key=form["key"]))

    assert Order.objects.count() == 2


def test_an_answer_lost_after_the_work_opens_the_same_page_again(sandbox, shopper):
    shopper.add("TEA-100")
    sandbox.fail("checkout.sessions.create", kind="reset", when="after", times=2)

    response = shopper.send(shopper.form())
    order = Order.objects.get()
    assert response.url == order.get_absolute_url()
    shopper.client.post(reverse("orders:pay", args=[order.token]))

    attempt = order.attempts.get()
    assert attempt.state == PaymentAttempt.State.OPEN
    sandbox.pay(attempt.reference)
    shopper.come_back(order)
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_a_webhook_that_overtakes_our_own_answer_finds_the_payment(sandbox, shopper, run_tasks):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order))
    PaymentAttempt.objects.update(reference=None, state=PaymentAttempt.State.NEW, url="")

    sandbox.deliver("checkout.session.completed")
    run_tasks()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_an_order_that_costs_nothing_needs_no_payment_page(sandbox, shopper, run_tasks):
    make_variant("SAMPLE", price="0.00", title="Sample", weight=0)
    ShippingRate.objects.update(price=0)
    shopper.add("SAMPLE")

    response = shopper.send(shopper.form())
    page = shopper.client.get(response.url, follow=True).content.decode()
    run_tasks()

    order = Order.objects.get()
    assert "Thank you" in page
    assert shopper.client.session["cart"] == {}
    assert order.status == Order.Status.PAID
    assert Invoice.objects.get().total == 0
    assert sandbox.requests() == []


def test_settling_a_paid_order_again_changes_nothing(sandbox, shopper):
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(session_of(order))
    shopper.come_back(order)
    events = kinds(order)

    for _ in range(3):
        paying.settle(order.attempts.get(), at=order.placed_at)

    assert kinds(order) == events
    assert Invoice.objects.count() == 1
    assert stock("TEA-100") == (9, 0)


def test_paying_for_a_closed_order_is_not_offered(sandbox, shopper):
    shopper.add("TEA-100")
    order = shopper.place()
    paying.cancel(order, at=order.placed_at)

    response = shopper.client.post(reverse("orders:pay", args=[order.token]), follow=True)

    assert "closed" in response.content.decode()
    assert order.attempts.count() == 1


def test_placing_again_while_the_money_is_under_way_shows_that_order(sandbox, shopper):
    shopper.add("TEA-100")
    first = shopper.place()
    sandbox.pay(session_of(first), method="bank_debit")

    response = shopper.send(shopper.form())

    first.refresh_from_db()
    assert response.url == first.get_absolute_url()
    assert first.status == Order.Status.PLACED
    assert Order.objects.count() == 1
    assert stock("TEA-100") == (10, 1)
