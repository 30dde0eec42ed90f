"""Refunds the provider gives no answer about: made once, whoever makes them in the end."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from checkout import tasks
from checkout.auditing import checking, paid_orders
from checkout.gateways.protocol import GatewayUnavailable, RefundStatus, Repayment
from checkout.gateways.stripe_checkout import StripeCheckout
from checkout.models import Order, Refund
from checkout.money_back import crediting, refunding, refunds, repaying, unanswered
from checkout.money_back.refunding import order_refund
from checkout.money_back.returns import Back, TooMuch
from checkout.money_back.unanswered import NotUnanswered
from checkout.orders import billing, holding
from checkout.payments import paying
from invoices.models import Invoice

pytestmark = pytest.mark.django_db
State = Refund.State
FIVE = Decimal("5.00")


@pytest.fixture
def order(sandbox, shopper) -> Order:
    """A paid order of 2 × 12.50 and 4.90 shipping."""
    shopper.add("TEA-100", 2)
    return shopper.pay(shopper.place(), sandbox)


@pytest.fixture
def give_up(sandbox, run_tasks, time_machine_at):
    """Let the provider be asked for a refund in vain until the shop gives up. Then it is well."""

    def ask(*operations: str, kind: str = "reset", when: str = "before") -> None:
        for operation in operations or ("*",):
            sandbox.fail(operation, kind=kind, when=when, times=100)
        for days in range(refunding.SERIES):
            with time_machine_at(days=days):
                tasks.sweep_refunds()
                run_tasks()
        sandbox.control("faults", clear=1)
        assert unanswered.unanswered().exists()

    return ask


def owe(order: Order, amount: Decimal = FIVE, **what: object) -> Refund:
    return order_refund(
        order, amount=amount, reason="Came back", by=None, at=timezone.now(), **what
    )


def by_hand(sandbox, order: Order, amount: int) -> None:
    """Somebody gives cents back at the provider's own desk."""
    sandbox.control(f"refund/{order.attempts.get().payment_reference}", amount=amount)


def withdraw(refund: Refund) -> None:
    unanswered.withdraw(refund, why="They keep it", by=None, at=timezone.now())


def wired(refund: Refund) -> None:
    unanswered.book_as_given(refund, how="Wired", by=None, at=timezone.now())


def listed_late(order: Order, refund: Refund) -> RefundStatus:
    """What the provider made of a refund in the end, although it never answered."""
    payment = order.attempts.get().payment_reference
    return RefundStatus(
        "re_late", payment, Repayment.SUCCEEDED, refund.amount_minor, "EUR", timezone.now(),
        refund_id=str(refund.pk),
    )  # fmt: skip


def credits() -> list[Decimal]:
    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE).order_by("pk")
    return list(notes.values_list("total", flat=True))


def held(order: Order) -> str:
    order.refresh_from_db()
    return order.hold


def state(refund: Refund) -> tuple[str, bool]:
    """Its state, and whether the provider's name for it is known."""
    refund.refresh_from_db()
    return refund.state, bool(refund.reference)


@pytest.mark.parametrize("fault", ["timeout", "reset", "500"])
def test_an_answer_lost_after_the_work_pays_once(sandbox, order, run_tasks, time_machine_at, fault):
    sandbox.fail("refunds.create", kind=fault, when="after", times=2, seconds=4)

    refund = owe(order)
    run_tasks()
    assert state(refund) == (State.OWED, False)
    with time_machine_at(minutes=2):
        tasks.sweep_refunds()
        run_tasks()

    assert state(refund) == (State.SUCCEEDED, True)
    assert len(sandbox.events("refund.created")) == 1
    assert credits() == [FIVE]


def test_an_error_the_provider_repeats_for_a_day_is_left_behind(
    sandbox, order, run_tasks, time_machine_at
):
    sandbox.fail("refunds.create", kind="500", when="before", times=1)
    refund = owe(order)

    for minutes in (0, 5, 15, 40, 100):
        with time_machine_at(minutes=minutes):
            tasks.sweep_refunds()
            run_tasks()

    assert state(refund) == (State.SUCCEEDED, True)
    assert len(sandbox.events("refund.created")) == 1


def test_a_provider_that_never_answers_is_shown_to_staff_and_asked_again_by_them(
    order, run_tasks, give_up
):
    refund = owe(order)
    give_up()

    assert held(order) == Order.Hold.NEEDS_REVIEW
    with pytest.raises(TooMuch):  # nobody knows whether it was made
        owe(order, Decimal("29.00"))
    unanswered.ask_again(refund, at=timezone.now())
    run_tasks()

    assert state(refund) == (State.SUCCEEDED, True)


def test_asking_again_the_same_day_leaves_the_errors_behind_that_are_repeated(
    order, run_tasks, give_up
):
    refund = owe(order)
    give_up("refunds.create", kind="500")

    unanswered.ask_again(refund, at=timezone.now())
    run_tasks()

    assert state(refund) == (State.SUCCEEDED, True)


def test_a_refund_that_kills_its_worker_is_given_up_and_shown(order):
    refund = owe(order)
    Refund.objects.update(attempts=repaying.MOST_ATTEMPTS)

    repaying.make(refund.pk, at=timezone.now())

    assert unanswered.unanswered().get() == refund
    assert held(order) == Order.Hold.NEEDS_REVIEW


def test_an_error_of_our_own_leaves_the_refund_to_be_tried_again(
    sandbox, order, run_tasks, monkeypatch, time_machine_at
):
    refund = owe(order)
    with monkeypatch.context() as broken:
        broken.setattr(crediting, "_credit", lambda *_: 1 / 0)
        repaying.make(refund.pk, at=timezone.now())

    assert state(refund) == (State.OWED, False)
    assert refund.last_error == "ZeroDivisionError('division by zero')"
    with time_machine_at(minutes=2):
        tasks.sweep_refunds()
        run_tasks()

    assert state(refund) == (State.SUCCEEDED, True)
    assert refund.last_error == ""
    assert len(sandbox.events("refund.created")) == 1
    assert credits() == [FIVE]


def test_what_somebody_gave_by_hand_meanwhile_is_not_given_again_when_staff_ask(
    sandbox, order, run_tasks, give_up
):
    refund = owe(order)
    give_up()
    by_hand(sandbox, order, 500)

    unanswered.ask_again(refund, at=timezone.now())
    run_tasks()

    assert len(sandbox.events("refund.created")) == 1
    assert state(refund) == (State.SUCCEEDED, True)
    assert Refund.objects.get() == refund


def test_what_somebody_gave_by_hand_is_not_given_again_by_the_next_try(
    sandbox, order, run_tasks, time_machine_at
):
    refund = owe(order)
    sandbox.fail("refunds.create", kind="reset", when="before", times=10)
    run_tasks()
    sandbox.control("faults", clear=1)
    by_hand(sandbox, order, 500)

    with time_machine_at(minutes=2):
        tasks.sweep_refunds()
        run_tasks()

    assert len(sandbox.events("refund.created")) == 1
    assert state(refund) == (State.SUCCEEDED, True)


def test_what_was_given_by_hand_is_credited_with_the_goods_it_was_for(
    sandbox, order, run_tasks, give_up
):
    tea = order.lines.get()
    refund = owe(order, Decimal("12.50"), lines={tea.pk: Back(1)})
    give_up()
    by_hand(sandbox, order, 1250)

    sandbox.deliver("charge.refunded")
    run_tasks()

    assert state(refund) == (State.SUCCEEDED, True)
    (note,) = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE)
    assert [(line.sku, line.quantity) for line in note.lines.all()] == [("TEA-100", 1)]


def test_each_given_by_hand_answers_for_one_of_ours(sandbox, order, run_tasks, give_up):
    first, second = owe(order), owe(order)
    give_up()
    by_hand(sandbox, order, 500)
    sandbox.deliver("charge.refunded")
    run_tasks()
    assert (state(first), state(second)) == ((State.SUCCEEDED, True), (State.OWED, False))

    by_hand(sandbox, order, 500)
    sandbox.deliver("charge.refunded")
    run_tasks()

    assert state(second) == (State.SUCCEEDED, True)
    assert Refund.objects.count() == 2


def test_what_was_given_by_hand_while_no_worker_was_there_is_not_given_again(
    sandbox, order, run_tasks
):
    refund = owe(order)
    by_hand(sandbox, order, 500)
    refunds.follow(order.attempts.get(), at=timezone.now())

    run_tasks()

    assert len(sandbox.events("refund.created")) == 1
    assert state(refund) == (State.SUCCEEDED, True)


def test_what_is_given_by_hand_during_the_very_first_try_is_another_refund(sandbox, order):
    refund, now = owe(order), timezone.now()
    Refund.objects.update(attempts=1, leased_until=now + repaying.LEASE)
    by_hand(sandbox, order, 500)

    refunds.follow(order.attempts.get(), at=now)

    assert state(refund) == (State.OWED, False)
    assert Refund.objects.count() == 2


def test_another_amount_by_hand_is_another_refund(sandbox, order, run_tasks, give_up):
    refund = owe(order)
    give_up()
    by_hand(sandbox, order, 501)

    sandbox.deliver("charge.refunded")
    run_tasks()

    assert state(refund) == (State.OWED, False)
    assert Refund.objects.count() == 2


def test_what_is_given_by_hand_and_by_us_at_the_same_moment_is_shown_to_staff(
    sandbox, order, run_tasks, monkeypatch
):
    refund = owe(order)
    Refund.objects.update(attempts=1, last_error="no answer")
    make = StripeCheckout._make

    def beside(gateway: StripeCheckout, of: Refund) -> RefundStatus:
        by_hand(sandbox, order, 500)
        refunds.follow(order.attempts.get(), at=timezone.now())
        return make(gateway, of)

    monkeypatch.setattr(StripeCheckout, "_make", beside)
    repaying.make(refund.pk, at=timezone.now())

    assert list(Refund.objects.values_list("state", flat=True)) == [State.SUCCEEDED] * 2
    assert held(order) == Order.Hold.NEEDS_REVIEW
    assert "maybe twice" in holding.open_questions(order).get().data["why"]


def test_a_refusal_because_somebody_was_faster_leaves_our_refund_with_its_goods(
    sandbox, order, run_tasks
):
    shipping = Decimal("4.90")
    goods = {order.lines.get().pk: Back(2)}
    refund = owe(order, Decimal("29.90"), lines=goods, shipping=shipping)
    by_hand(sandbox, order, 2990)

    run_tasks()

    assert state(refund) == (State.SUCCEEDED, True)
    assert Refund.objects.get().lines.get().quantity == 2
    assert credits() == [Decimal("29.90")]


@pytest.mark.parametrize("decide", [wired, withdraw])
def test_what_the_provider_made_in_the_end_is_shown_to_staff(order, run_tasks, give_up, decide):
    refund = owe(order)
    give_up()
    decide(refund)
    assert held(order) == ""

    for _ in range(2):
        refunds.record(order.attempts.get(), listed_late(order, refund), at=timezone.now())

    assert held(order) == Order.Hold.NEEDS_REVIEW
    assert Refund.objects.get(reference="re_late").state == State.SUCCEEDED
    assert list(checking.breaches()) == []


def test_one_of_ours_may_wait_beside_one_by_hand(sandbox, order, run_tasks, give_up):
    refund = owe(order, Decimal("20.00"))
    give_up()
    by_hand(sandbox, order, 2500)

    sandbox.deliver("charge.refunded")
    run_tasks()

    assert list(checking.breaches()) == []
    withdraw(refund)
    assert refunding.money_left(order.attempts.get()) == Decimal("4.90")


@pytest.mark.parametrize(
    "facts",
    [
        {"state": State.SUCCEEDED, "reference": "re_2"},
        {"origin": Refund.Origin.SHOP},
    ],
    ids=["made", "decided"],
)
def test_more_than_came_is_a_breach(sandbox, order, run_tasks, give_up, facts):
    refund = owe(order, Decimal("20.00"))
    give_up()
    by_hand(sandbox, order, 2500)
    refunds.follow(order.attempts.get(), at=timezone.now())

    Refund.objects.filter(pk=refund.pk).update(**facts)
    Refund.objects.exclude(pk=refund.pk).update(origin=facts.get("origin", "provider"))

    (breach,) = paid_orders.no_more_goes_back_than_came()
    assert breach.subject == order.number


def test_what_was_wired_is_credited_and_cannot_be_given_a_second_time(order, run_tasks, give_up):
    goods = {order.lines.get().pk: Back(2)}
    refund = owe(order, Decimal("29.90"), lines=goods, shipping=Decimal("4.90"))
    give_up()

    wired(refund)

    assert state(refund) == (State.SUCCEEDED, False)
    assert credits() == [Decimal("29.90")]
    assert Invoice.objects.latest("pk").payment == "Given back as agreed with you."
    assert refunding.money_left(order.attempts.get()) == 0
    assert held(order) == Order.Hold.REFUNDED  # it is not sent
    assert list(checking.breaches()) == []


@pytest.fixture
def too_little(sandbox, shopper, give_up) -> Refund:
    """A payment of the wrong amount is to go back, and the provider does not answer."""
    shopper.add("TEA-100", 2)
    attempt = shopper.place().attempts.get()
    sandbox.pay(attempt.reference)
    sandbox.control(f"amount/{attempt.reference}", amount_total=1000)
    attempt = paying.settle(attempt, at=timezone.now())
    refund = refunding.return_payment(attempt, reason="Too little", by=None, at=timezone.now())
    give_up()
    return refund


def test_a_wrong_payment_that_was_wired_back_lets_its_order_run_out(too_little):
    order = too_little.order

    wired(too_little)
    paying.expire(order, at=order.expires_at + timedelta(hours=1))

    assert held(order) == ""
    assert order.status == Order.Status.EXPIRED


def test_money_of_nobodys_is_asked_about_until_it_is_gone(too_little):
    withdraw(too_little)

    assert held(too_little.order) == Order.Hold.NEEDS_REVIEW


def test_a_withdrawn_refund_leaves_its_amount_and_its_goods_with_the_order(
    order, run_tasks, give_up
):
    refund = owe(order, Decimal("12.50"), lines={order.lines.get().pk: Back(1)})
    give_up()

    withdraw(refund)
    run_tasks()

    assert state(refund) == (State.CANCELLED, False)
    assert (held(order), refund.last_error) == ("", "")
    assert order.events.get(kind="reviewed").data["why"] == "They keep it"
    assert refunding.money_left(order.attempts.get()) == Decimal("29.90")
    assert [piece.quantity for piece in billing.parcel(order).lines] == [2]
    assert credits() == []


def test_the_last_decision_answers_the_questions_about_all_of_them(order, run_tasks, give_up):
    first, second = owe(order), owe(order, Decimal("6.00"))
    give_up()

    withdraw(first)
    assert held(order) == Order.Hold.NEEDS_REVIEW
    wired(second)

    assert held(order) == ""


def test_a_decision_answers_no_other_question(order, run_tasks, give_up):
    refund = owe(order)
    give_up()
    holding.ask(order, "something else", at=timezone.now())

    withdraw(refund)

    assert held(order) == Order.Hold.NEEDS_REVIEW
    assert order.events.get(kind="note").data["text"] == "They keep it"


@pytest.mark.parametrize("decide", [wired, withdraw])
def test_nothing_is_decided_about_a_refund_that_was_made_after_all(sandbox, order, give_up, decide):
    refund = owe(order)
    sandbox.fail("refunds.list", kind="reset", when="before", times=100)
    give_up("refunds.create", when="after")

    with pytest.raises(NotUnanswered):
        decide(refund)

    assert state(refund) == (State.SUCCEEDED, True)
    assert len(sandbox.events("refund.created")) == 1


@pytest.mark.parametrize("decide", [wired, withdraw])
def test_nothing_is_decided_about_a_refund_that_is_asked_for_again(order, give_up, decide):
    refund = owe(order)
    give_up()
    unanswered.ask_again(refund, at=timezone.now())

    with pytest.raises(NotUnanswered):
        decide(refund)

    assert state(refund) == (State.OWED, False)


@pytest.mark.parametrize("decide", [wired, withdraw])
def test_what_was_decided_is_not_asked_for_again(sandbox, order, run_tasks, give_up, decide):
    refund = owe(order)
    give_up()
    decide(refund)
    decided = state(refund)

    with pytest.raises(NotUnanswered):
        unanswered.ask_again(refund, at=timezone.now())
    run_tasks()

    assert state(refund) == decided
    assert not sandbox.events("refund.created")


@pytest.mark.parametrize("decide", [wired, withdraw])
def test_nothing_is_decided_while_the_provider_cannot_be_asked(sandbox, order, give_up, decide):
    refund = owe(order)
    give_up()
    sandbox.fail("refunds.list", kind="reset", when="before", times=10)

    with pytest.raises(GatewayUnavailable):
        decide(refund)

    assert state(refund) == (State.OWED, False)


@pytest.mark.parametrize(
    ("button", "outcome", "said"),
    [
        ({"given": "1"}, State.SUCCEEDED, "Booked as given back"),
        ({}, State.CANCELLED, "Withdrawn"),
    ],
    ids=["given another way", "not to be given"],
)
def test_staff_say_what_became_of_it(sandbox, order, staff, give_up, button, outcome, said):
    refund = owe(order)
    give_up()
    page = reverse("orders_modeladmin_inspect", args=[order.pk])
    address = reverse("orders_refund_decide", args=[order.pk])
    assert f'action="{address}"' in staff.get(page).content.decode()

    def say(**entries: str) -> str:
        return staff.post(address, entries | button, follow=True).content.decode()

    assert "Which refund?" in say(reason="By wire")
    assert "or why it is not: This field is required" in say(refund=str(refund.pk), reason=" ")
    sandbox.fail("refunds.list", kind="reset", when="before", times=10)
    assert "cannot be asked just now" in say(refund=str(refund.pk), reason="By wire")
    sandbox.control("faults", clear=1)
    assert state(refund) == (State.OWED, False)

    assert said in say(refund=str(refund.pk), reason="By wire")
    assert "not wait for a decision" in say(refund=str(refund.pk), reason="By wire")
    again = reverse("orders_refund_again", args=[order.pk])
    answer = staff.post(again, {"refund": str(refund.pk)}, follow=True)
    assert "not wait for a decision" in answer.content.decode()

    assert state(refund) == (outcome, False)
    event = order.events.get(kind="reviewed")
    assert (event.by.username, event.data["why"]) == ("mia", "By wire")
    assert f'action="{address}"' not in staff.get(page).content.decode()
