"""VAT ids are checked with the register after the order, patiently, and never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from checkout import tasks
from checkout.models import Order, VatCheck
from checkout.orders import holding
from checkout.payments import paying
from checkout.tax import vat_checks, vies
from checkout.tests import register
from checkout.tests.buying import Shopper, open_shop
from checkout.tests.factories import make_order
from invoices.models import Seller
from products.models import StockItem
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db

PARIS = {
    "country": "FR", "postcode": "75001", "city": "Paris", "company": "Maison de thé",
    "vat_id": "FR 40 303 265 045",
}  # fmt: skip
State = VatCheck.State


@pytest.fixture
def vies_says(settings):
    with register.running() as server:
        settings.VIES_URL = server.url
        yield server


@pytest.fixture
def seller():
    return Seller.objects.create(name="Still Leaf", country="DE", vat_id="DE123456788")


@pytest.fixture
def check(seller):
    return _check(make_order(status="paid", country="FR"))


def _check(order: Order) -> VatCheck:
    Order.objects.filter(pk=order.pk).update(
        vat_id="FR40303265045", tax_treatment=Order.TaxTreatment.INTRA_COMMUNITY
    )
    return VatCheck.objects.create(order=order, vat_id="FR40303265045", due_at=timezone.now())


def ask(check: VatCheck, **later: int) -> VatCheck:
    vat_checks.check_if_due(check.pk, at=timezone.now() + timedelta(**later))
    check.refresh_from_db()
    return check


def events(check: VatCheck) -> list[str]:
    return [event.kind for event in check.order.events.all()]


def test_a_business_in_another_member_state_buys_without_vat_and_is_checked(
    sandbox, vies_says, run_tasks
):
    open_shop(france=True)
    Seller.objects.update(vat_id="DE123456788")
    make_variant("TEA-100", price="11.90")
    shopper = Shopper()
    shopper.add("TEA-100", 2)

    order = shopper.place(**PARIS)
    run_tasks()

    assert (order.tax_treatment, order.vat_id) == ("intra_community", "FR40303265045")
    assert vies_says.asked == [
        "/ms/FR/vat/40303265045?requesterMemberStateCode=DE&requesterNumber=123456788"
    ]
    check = VatCheck.objects.get()
    assert (check.state, check.registered_to, check.consultation) == (
        State.VALID, "SA MAISON DE THE PARIS", "WAPIAAAAZ9cWmQXG",
    )  # fmt: skip
    event = order.events.get(kind="vat_id_checked")
    assert event.data["number"] == "WAPIAAAAZ9cWmQXG"


@pytest.fixture
def refused(sandbox, vies_says, run_tasks) -> Order:
    """An order that nobody has paid, and whose VAT id is not in force."""
    open_shop(france=True)
    Seller.objects.update(vat_id="DE123456788")
    make_variant("TEA-100", price="11.90")
    vies_says.says = register.INVALID
    shopper = Shopper()
    shopper.add("TEA-100", 2)
    order = shopper.place(**PARIS)
    run_tasks()
    assert VatCheck.objects.get().state == State.INVALID
    return order


def test_an_id_that_somebody_made_up_keeps_no_goods_from_others(refused, time_machine_at):
    with time_machine_at(hours=3):
        tasks.expire_orders()

    refused.refresh_from_db()
    assert (refused.status, refused.hold) == (Order.Status.EXPIRED, "")
    assert StockItem.objects.get().reserved == 0


def test_an_id_refused_before_the_payment_holds_the_order_from_then_on(sandbox, refused):
    sandbox.pay(refused.attempts.get().reference)

    paying.settle(refused.attempts.get(), at=timezone.now())

    refused.refresh_from_db()
    assert (refused.status, refused.hold) == (Order.Status.PAID, Order.Hold.NEEDS_REVIEW)


def test_nobody_is_asked_about_a_consumer(sandbox, vies_says, run_tasks):
    open_shop()
    make_variant("TEA-100")
    shopper = Shopper()
    shopper.add("TEA-100")

    shopper.place(vat_id="DE136695976")
    run_tasks()

    assert not VatCheck.objects.exists()
    assert vies_says.asked == []


def test_a_check_waits_where_there_is_nobody_to_ask(check):
    assert check == ask(check)
    assert (check.state, check.attempts) == (State.DUE, 1)


def test_an_id_that_is_not_in_force_holds_the_order(check, vies_says):
    vies_says.says = register.INVALID

    ask(check)

    order = Order.objects.get()
    assert check.state == State.INVALID
    assert order.hold == Order.Hold.NEEDS_REVIEW
    assert events(check).count("vat_id_checked") == 1
    assert events(check).count("needs_review") == 1


def test_a_hold_for_another_reason_is_kept(check, vies_says):
    vies_says.says = register.INVALID
    Order.objects.update(hold=Order.Hold.DISPUTED)

    ask(check)

    assert Order.objects.get().hold == Order.Hold.DISPUTED


@pytest.mark.parametrize(
    "says",
    [register.STATE_AWAY, {}, [], None, {"isValid": "yes", "userError": "VALID"},
     {"isValid": True, "userError": "INVALID_INPUT"}, {"isValid": False}, b"<html>", b"\xff", b""],
)  # fmt: skip
def test_what_is_no_answer_is_asked_again_and_holds_nothing(check, vies_says, says):
    vies_says.says = says

    ask(check)

    assert (check.state, check.attempts) == (State.DUE, 1)
    assert check.last_error
    assert not Order.objects.get().hold
    assert "vat_id_checked" not in events(check)


@pytest.mark.parametrize("status", [301, 404, 429, 500, 503])
def test_an_error_of_the_register_is_no_answer(check, vies_says, status):
    vies_says.status = status

    assert ask(check).state == State.DUE


def test_a_slow_register_is_not_waited_for(check, vies_says, monkeypatch):
    monkeypatch.setattr(vies, "TIMEOUT", (0.2, 0.2))
    vies_says.delay = 1

    assert ask(check).state == State.DUE
    assert "Timeout" in check.last_error


def test_a_register_that_is_away_is_no_answer(check, settings):
    settings.VIES_URL = "http://127.0.0.1:9"

    assert ask(check).state == State.DUE


def test_the_pauses_grow_to_a_day_and_end_after_days(check, vies_says):
    vies_says.says = register.STATE_AWAY
    at, pauses = timezone.now() + timedelta(minutes=1), []

    while check.state == State.DUE:
        vat_checks.check_if_due(check.pk, at=at)
        check.refresh_from_db()
        if check.due_at:
            pauses.append(round((check.due_at - at).total_seconds() / 60))
            at = check.due_at

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    assert check.state == State.UNANSWERED
    assert events(check).count("vat_id_checked") == 1


@pytest.fixture
def last_try(check, vies_says) -> VatCheck:
    """A check that nothing but silence has come of for days."""
    vies_says.says = register.STATE_AWAY
    VatCheck.objects.update(attempts=vat_checks.MOST_ATTEMPTS - 1)
    return check


def test_after_days_of_silence_staff_are_asked(last_try):
    ask(last_try)

    order = Order.objects.get()
    assert last_try.state == State.UNANSWERED
    assert order.hold == Order.Hold.NEEDS_REVIEW
    question = order.events.get(kind="needs_review").data["why"]
    assert question == "VAT id FR40303265045 could not be checked for days, but no VAT was charged"
    holding.review(order, reason="They sent a certificate", by=None, at=timezone.now())
    order.refresh_from_db()
    assert not order.hold


def test_silence_about_an_order_that_nobody_has_paid_asks_nobody_until_it_is(last_try):
    paid_at = last_try.order.paid_at
    Order.objects.update(status=Order.Status.EXPIRED, paid_at=None)
    ask(last_try)
    order = Order.objects.get()
    assert (last_try.state, order.hold) == (State.UNANSWERED, "")

    order.paid_at = paid_at  # it is taken up again
    vat_checks.hold_if_refused(order, at=timezone.now())

    assert order.hold == Order.Hold.NEEDS_REVIEW


def test_an_answer_that_came_meanwhile_is_not_overruled_by_silence(last_try, monkeypatch):
    def hear_nothing(*_: object, **__: object) -> None:
        VatCheck.objects.update(state=State.VALID)  # another worker's, once our lease ran out
        raise vies.NoAnswer("away")

    monkeypatch.setattr(vies, "ask", hear_nothing)

    ask(last_try)

    assert last_try.state == State.VALID
    assert not Order.objects.get().hold


def test_an_answer_in_the_end_is_booked(check, vies_says):
    vies_says.status = 503
    ask(check)
    vies_says.status = 200

    ask(check)
    assert check.state == State.DUE  # its pause is not over
    ask(check, minutes=6)

    assert check.state == State.VALID
    assert len(vies_says.asked) == 2


def test_an_answered_check_is_not_asked_again(check, vies_says):
    for _ in range(3):
        ask(check)

    assert len(vies_says.asked) == 1
    assert events(check).count("vat_id_checked") == 1


def test_the_sweep_finds_what_nobody_was_woken_for(check, vies_says, run_tasks):
    tasks.sweep_vat_checks()
    run_tasks()

    check.refresh_from_db()
    assert check.state == State.VALID


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_overtaken_writes_nothing(vies_says):
    Seller.objects.create(name="Still Leaf", country="DE", vat_id="DE123456788")
    check = _check(make_order(status="paid"))
    now = timezone.now()

    def another_worker() -> None:
        vat_checks.check_if_due(check.pk, at=now + vat_checks.LEASE)
        connection.close()

    vies_says.meanwhile = another_worker
    vat_checks.check_if_due(check.pk, at=now)

    assert len(vies_says.asked) == 2
    assert events(check).count("vat_id_checked") == 1


def test_a_name_with_rubbish_in_it_is_stored_as_text(check, vies_says):
    vies_says.says = register.VALID | {"name": "A\0B" + "x" * 400, "requestIdentifier": 7}

    ask(check)

    assert check.registered_to.startswith("A B")
    assert (len(check.registered_to), check.consultation) == (300, "7")


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once(vies_says):
    Seller.objects.create(name="Still Leaf", country="DE", vat_id="DE123456788")
    vies_says.delay = 0.3
    check = _check(make_order(status="paid"))
    at = timezone.now()

    def work(_number: int) -> None:
        vat_checks.check_if_due(check.pk, at=at)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert len(vies_says.asked) == 1
    assert events(check).count("vat_id_checked") == 1
