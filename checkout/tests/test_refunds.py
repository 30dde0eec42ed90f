"""Money back: decided by staff, made by a worker at the sandbox, credited to the cent."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cart.tests.factories import make_coupon
from checkout import gateways, tasks
from checkout.models import Order, Refund
from checkout.money_back import refunding, refunds, repaying, returns
from checkout.money_back.refunding import NothingToRefund, order_refund
from checkout.money_back.returns import Back, TooMuch
from checkout.orders import balances, billing, fulfilment, holding
from checkout.tests.buying import WORKS, Shopper, open_shop
from checkout.tests.factories import make_attempt, make_order
from invoices.models import Invoice, InvoiceLine
from products.models import StockItem
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db
FAILS_LATER, WAITS = "4000000000005126", "4000000000007726"


@pytest.fixture
def shopper(sandbox):
    open_shop()
    make_variant("TEA-100", price="12.50", stock=10, title="Sencha", tax_class="reduced")
    make_variant("POT-1", price="9.99", stock=3, title="Kyusu", tax_class="standard")
    return Shopper()


def buy(sandbox, shopper, card: str = WORKS, **goods: int) -> Order:
    """A paid order of 2 × 12.50 at 7 %, 9.99 at 19 % and 4.90 shipping: 39.89."""
    for sku, quantity in ({"TEA-100": 2, "POT-1": 1} | goods).items():
        shopper.add(sku, quantity)
    order = shopper.pay(shopper.place(), sandbox, card)
    assert order.status == Order.Status.PAID
    return order


def give_back(order: Order, reason: str = "Came back", by: object = None, **what: object) -> Refund:
    return order_refund(order, reason=reason, by=by, at=timezone.now(), **what)


def line(order: Order, sku: str) -> int:
    return order.lines.get(sku=sku).pk


def everything(order: Order, *, restock: bool = False) -> dict[int, Back]:
    return {line.pk: Back(line.quantity, restock) for line in order.lines.all()}


def credits() -> list[Decimal]:
    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE).order_by("pk")
    return list(notes.values_list("total", flat=True))


def taxes_of(invoices) -> dict[str, tuple[Decimal, Decimal]]:
    """Gross and VAT by rate, over all of them."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for invoice in invoices:
        for share in invoice.taxes:
            rate = str(Decimal(share["rate"]).normalize())
            gross, tax = sums.get(rate, (Decimal(0), Decimal(0)))
            sums[rate] = gross + Decimal(share["gross"]), tax + Decimal(share["tax"])
    return sums


def stock(sku: str) -> int:
    return StockItem.objects.get(variant__sku=sku).on_hand


def at_once(count: int, work: Callable[[], object]) -> None:
    """`count` people do the same thing at the same moment."""
    together, errors = Barrier(count), []

    def run() -> None:
        together.wait()
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors


def kinds(order: Order) -> list[str]:
    return list(order.events.values_list("kind", flat=True))


def test_one_of_two_goes_back_with_money_credit_note_and_shelf(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper)

    refund = give_back(order, lines={line(order, "TEA-100"): Back(1, restock=True)})
    run_tasks()

    refund.refresh_from_db()
    assert (refund.state, refund.amount) == (Refund.State.SUCCEEDED, Decimal("12.50"))
    made = sandbox.events("refund.created")[-1]["data"]["object"]
    assert (made["amount"], made["id"]) == (1250, refund.reference)
    note = Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE)
    assert (note.total, note.lines.get().name) == (Decimal("12.50"), "Sencha")
    assert stock("TEA-100") == 9
    assert kinds(order)[-3:] == ["refund_ordered", "refunded", "credited"]
    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PAID, "")


def test_everything_in_parts_is_credited_to_the_cent(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper, **{"TEA-100": 3, "POT-1": 1})

    give_back(order, lines={line(order, "TEA-100"): Back(1)})
    run_tasks()
    give_back(order, amount=Decimal("3.33"))
    run_tasks()
    give_back(order, lines={line(order, "POT-1"): Back(1)}, shipping=Decimal("1.11"))
    run_tasks()
    left = refunding.money_left(order.attempts.get())
    give_back(order, lines={line(order, "TEA-100"): Back(2)}, shipping=Decimal("3.79"), amount=left)
    run_tasks()

    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE)
    assert credits() == [Decimal("12.50"), Decimal("3.33"), Decimal("11.10"), Decimal("25.46")]
    assert taxes_of(notes) == taxes_of(Invoice.objects.filter(kind=Invoice.Kind.INVOICE))
    assert refunding.money_left(order.attempts.get()) == 0


@pytest.mark.parametrize(
    ("price", "pieces", "off"), [("0.01", 5, "40"), ("0.03", 9, "15"), ("0.03", 9, None)]
)
def test_pieces_worth_next_to_nothing_go_back_one_by_one_to_the_cent(
    sandbox, shopper, run_tasks, price, pieces, off
):
    make_variant("SCREW", price=price, stock=99)
    if off:
        make_coupon("OFF", percent=off, currency="")
        shopper.add("TEA-100")
        shopper.client.post(reverse("cart:apply_coupon"), {"code": "OFF"})
    order = buy(sandbox, shopper, SCREW=pieces)
    screw = line(order, "SCREW")

    for _ in range(pieces - 1):
        with suppress(NothingToRefund):  # a piece may be worth less than half a cent
            give_back(order, lines={screw: Back(1)})
        run_tasks()
    rest = {one.line.pk: Back(one.quantity) for one in returns.lines_left(order)}
    give_back(order, lines=rest, shipping=order.shipping)
    run_tasks()

    assert set(Refund.objects.values_list("state", flat=True)) == {"succeeded"}
    assert sum(credits()) == order.total
    for credited in InvoiceLine.objects.filter(invoice__kind=Invoice.Kind.CREDIT_NOTE):
        assert 0 <= credited.tax <= credited.total - credited.discount


def test_a_full_refund_keeps_an_unsent_order_in_the_house(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper)

    give_back(order, lines=everything(order, restock=True), shipping=Decimal("4.90"))
    order.refresh_from_db()
    assert order.hold == Order.Hold.REFUNDED  # before the provider has answered
    run_tasks()

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PAID, Order.Hold.REFUNDED)
    assert credits() == [Decimal("39.89")]
    assert (stock("TEA-100"), stock("POT-1")) == (10, 3)
    with pytest.raises(fulfilment.OnHold):
        fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())


def test_a_sent_order_that_came_back_is_returned(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper)
    fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())

    give_back(order, lines={line(order, "TEA-100"): Back(2)})
    order.refresh_from_db()
    assert order.status == Order.Status.FULFILLED
    give_back(order, lines={line(order, "POT-1"): Back(1)})

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.RETURNED, "")


@pytest.mark.parametrize(
    "what",
    [
        {"amount": Decimal("39.90")},
        {"shipping": Decimal("4.91")},
        {"shipping": Decimal("-1.00")},
        {"amount": Decimal("1.005")},
        {"lines": {0: Back(1)}},
    ],
    ids=["above the total", "above the shipping", "negative", "half a cent", "a foreign line"],
)
def test_more_than_there_is_goes_nowhere(sandbox, shopper, run_tasks, what):
    order = buy(sandbox, shopper)
    run_tasks()

    with pytest.raises(TooMuch):
        give_back(order, **what)

    assert not Refund.objects.exists()
    assert "make_refund" not in str(run_tasks())


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-5)])
def test_nothing_is_not_given_back(sandbox, shopper, amount):
    order = buy(sandbox, shopper)

    with pytest.raises(NothingToRefund):
        give_back(order, amount=amount)


def test_a_piece_goes_back_once(sandbox, shopper):
    order = buy(sandbox, shopper)
    give_back(order, lines={line(order, "POT-1"): Back(1)})

    with pytest.raises(TooMuch, match="Kyusu"):
        give_back(order, lines={line(order, "POT-1"): Back(1)})


def test_what_is_on_its_way_is_gone(sandbox, shopper):
    order = buy(sandbox, shopper)
    give_back(order, amount=Decimal("30.00"))

    with pytest.raises(TooMuch, match=r"9\.89"):
        give_back(order, amount=Decimal("9.90"))


def test_a_form_sent_twice_is_one_refund(sandbox, shopper):
    order = buy(sandbox, shopper)

    first = give_back(order, amount=Decimal("5.00"), key="form")
    second = give_back(order, amount=Decimal("5.00"), key="form")

    assert first == second
    assert kinds(order).count("refund_ordered") == 1


def test_an_order_that_cost_nothing_has_nothing_to_give_back(sandbox, shopper):
    make_variant("SAMPLE", price="0.00", title="Sample", weight=0)
    order = buy(sandbox, shopper)
    order.attempts.update(captured_minor=0, amount_minor=0)

    with pytest.raises(NothingToRefund):
        give_back(order, amount=Decimal("1.00"))


@pytest.mark.django_db(transaction=True)
def test_twenty_colleagues_at_once_never_give_back_more_than_was_paid(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper)  # 39.89
    refused = []

    def refund() -> None:
        try:
            give_back(order, amount=Decimal("5.00"))
        except TooMuch as error:
            refused.append(error)

    at_once(20, refund)
    run_tasks()

    assert len(refused) == 13
    assert [refund.state for refund in Refund.objects.all()] == [Refund.State.SUCCEEDED] * 7
    assert refunding.money_left(order.attempts.get()) == Decimal("4.89")
    assert sum(credits()) == Decimal("35.00")


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_ask_the_provider_once(sandbox, shopper):
    order = buy(sandbox, shopper)
    refund = give_back(order, amount=Decimal("5.00"))

    at_once(10, lambda: repaying.make(refund.pk, at=timezone.now()))

    asked = [call for call in sandbox.requests() if call["path"] == "/v1/refunds"]
    refund.refresh_from_db()
    assert len(asked) == 1
    assert refund.state == Refund.State.SUCCEEDED
    assert credits() == [Decimal("5.00")]


def test_the_database_itself_lets_one_payment_of_the_right_amount_sell_an_order(sandbox, shopper):
    order = buy(sandbox, shopper)
    paid = {"state": "paid", "captured_currency": "EUR"}
    stray = make_attempt(order, captured_minor=3989, **paid)
    short = make_attempt(make_order(), captured_minor=2989, **paid)

    for attempt in (stray, short):
        attempt.pays_order = True
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt.save()


def test_a_refund_that_takes_its_time_is_credited_when_it_is_done(
    sandbox, shopper, run_tasks, time_machine_at
):
    order = buy(sandbox, shopper, card=WAITS)
    refund = give_back(order, amount=Decimal("5.00"))
    run_tasks()
    refund.refresh_from_db()
    assert (refund.state, credits()) == (Refund.State.PENDING, [])

    sandbox.control("settle")
    with time_machine_at(hours=7):
        tasks.sweep_refunds()
        run_tasks()

    refund.refresh_from_db()
    assert (refund.state, credits()) == (Refund.State.SUCCEEDED, [Decimal("5.00")])


def test_a_refund_that_fails_after_it_had_succeeded_is_taken_back(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper, card=FAILS_LATER)
    refund = give_back(order, lines={line(order, "TEA-100"): Back(1, restock=True)})
    run_tasks()
    assert credits() == [Decimal("12.50")]

    sandbox.control("settle")
    sandbox.deliver("refund.failed")
    run_tasks()

    refund.refresh_from_db()
    order.refresh_from_db()
    assert refund.state == Refund.State.FAILED
    assert order.hold == Order.Hold.NEEDS_REVIEW
    assert kinds(order)[-1] == "refund_failed"
    cancellation = Invoice.objects.get(kind=Invoice.Kind.CANCELLATION)
    assert cancellation.corrects.key == f"refund:{refund.pk}"
    assert refunding.money_left(order.attempts.get()) == Decimal("39.89")
    assert stock("TEA-100") == 9  # the goods are where they are


def test_goods_of_a_refund_that_failed_are_not_put_on_the_shelf_a_second_time(
    sandbox, shopper, run_tasks
):
    order = buy(sandbox, shopper, card=FAILS_LATER, **{"TEA-100": 3})
    give_back(order, lines={line(order, "TEA-100"): Back(1, restock=True)})
    run_tasks()
    sandbox.control("settle")
    sandbox.deliver("refund.failed")
    run_tasks()
    assert stock("TEA-100") == 8

    give_back(order, lines={line(order, "TEA-100"): Back(1, restock=True)})
    assert stock("TEA-100") == 8
    give_back(order, lines={line(order, "TEA-100"): Back(2, restock=True)})

    assert stock("TEA-100") == 10


def test_a_piece_that_comes_after_a_refused_refund_reaches_the_shelf(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper, card=FAILS_LATER, **{"TEA-100": 3})
    tea = line(order, "TEA-100")
    give_back(order, lines={tea: Back(2, restock=True)})
    run_tasks()
    sandbox.control("settle")
    sandbox.deliver("refund.failed")
    run_tasks()

    give_back(order, lines={tea: Back(2)})  # the money once more; the goods lie there
    assert balances.gone(order)[tea] == 2
    give_back(order, lines={tea: Back(1, restock=True)})

    assert stock("TEA-100") == 10


def test_goods_on_the_shelf_are_not_sent_although_their_refund_failed(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper, card=FAILS_LATER, **{"TEA-100": 2, "POT-1": 1})
    give_back(order, lines={line(order, "TEA-100"): Back(2, restock=True)})
    run_tasks()
    sandbox.control("settle")
    sandbox.deliver("refund.failed")
    run_tasks()
    assert stock("TEA-100") == 10

    holding.review(order, reason="We wired it", by=None, at=timezone.now())
    assert [left.sku for left in billing.parcel(order).lines] == ["POT-1"]
    give_back(order, lines={line(order, "POT-1"): Back(1, restock=True)})

    order.refresh_from_db()
    assert order.hold == Order.Hold.GOODS_BACK
    with pytest.raises(fulfilment.OnHold):
        fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())


def test_a_refund_the_provider_refuses_frees_its_amount(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper)
    refund = give_back(order, amount=Decimal("39.89"))
    sandbox.control(f"dispute/{order.attempts.get().payment_reference}")

    run_tasks()

    refund.refresh_from_db()
    order.refresh_from_db()
    assert refund.state == Refund.State.FAILED
    assert "charged back" in refund.last_error
    assert order.hold == Order.Hold.NEEDS_REVIEW
    assert credits() == []


def test_a_refund_made_at_the_provider_appears_once_and_is_credited(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper)
    payment = order.attempts.get().payment_reference
    sandbox.control(f"refund/{payment}", amount=1000)

    for kind in ("charge.refunded", "refund.created", "charge.refunded"):
        sandbox.deliver(kind)
        run_tasks()

    refund = Refund.objects.get()
    assert (refund.origin, refund.amount) == (Refund.Origin.PROVIDER, Decimal("10.00"))
    assert credits() == [Decimal("10.00")]
    assert refunding.money_left(order.attempts.get()) == Decimal("29.89")


def test_a_refund_at_the_provider_that_leaves_too_little_for_ours_is_found_when_ours_is_refused(
    sandbox, shopper, run_tasks
):
    order = buy(sandbox, shopper)
    ours = give_back(order, amount=Decimal("39.89"))
    sandbox.control(f"refund/{order.attempts.get().payment_reference}", amount=1000)

    run_tasks()

    ours.refresh_from_db()
    assert ours.state == Refund.State.FAILED
    assert credits() == [Decimal("10.00")]
    assert refunding.money_left(order.attempts.get()) == Decimal("29.89")


def test_an_older_list_that_arrives_later_changes_nothing(sandbox, shopper, run_tasks):
    order = buy(sandbox, shopper, card=FAILS_LATER)
    refund = give_back(order, amount=Decimal("5.00"))
    run_tasks()
    attempt = order.attempts.get()
    older = gateways.get("stripe").refunds(attempt)[0]
    sandbox.control("settle")
    refunds.follow(attempt, at=timezone.now())

    refunds.record(attempt, older, at=timezone.now())

    refund.refresh_from_db()
    assert refund.state == Refund.State.FAILED
    assert kinds(order).count("refunded") == 1
