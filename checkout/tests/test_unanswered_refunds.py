"""Refunds the provider gives no answer about: made once, whoever makes them in the end."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils import timezone

from checkout import tasks
from checkout.auditing import paid_orders
from checkout.gateways.protocol import GatewayUnavailable
from checkout.models import Order, Refund
from checkout.money_back import crediting, refunding, refunds, repaying, unanswered
from checkout.money_back.refunding import order_refund
from checkout.money_back.returns import Back, TooMuch
from checkout.money_back.unanswered import NotUnanswered
from checkout.orders import billing, holding
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


@pytest.fixture
def staff(client):
    user = User.objects.create_user("mia", "mia@example.com", "mia", first_name="Mia")
    user.groups.add(Group.objects.get(name="Shop staff"))
    client.force_login(user)
    return client


def owe(order: Order, amount: Decimal = FIVE, **what: object) -> Refund:
    return order_refund(
        order, amount=amount, reason="Came back", by=None, at=timezone.now(), **what
    )


def by_hand(sandbox, order: Order, amount: int) -> None:
    """Somebody gives cents back at the provider's own desk."""
    sandbox.control(f"refund/{order.attempts.get().payment_reference}", amount=amount)


def withdraw(refund: Refund) -> None:
    unanswered.withdraw(refund, reason="Wired", by=None, at=timezone.now())


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


def test_what_was_given_before_we_ever_asked_or_to_another_amount_is_another_refund(
    sandbox, order, run_tasks, give_up
):
    refund = owe(order)
    by_hand(sandbox, order, 500)
    refunds.follow(order.attempts.get(), at=timezone.now())
    assert state(refund) == (State.OWED, False)
    give_up()
    by_hand(sandbox, order, 501)

    sandbox.deliver("charge.refunded")
    run_tasks()

    assert state(refund) == (State.OWED, False)
    assert Refund.objects.filter(origin=Refund.Origin.PROVIDER).count() == 2


def test_one_of_ours_beside_one_by_hand_is_no_breach_of_the_books(
    sandbox, order, run_tasks, give_up
):
    refund = owe(order, Decimal("20.00"))
    give_up()
    by_hand(sandbox, order, 2500)
    sandbox.deliver("charge.refunded")
    run_tasks()
    assert list(paid_orders.no_more_goes_back_than_came()) == []

    withdraw(refund)
    assert refunding.money_left(order.attempts.get()) == Decimal("4.90")
    Refund.objects.filter(pk=refund.pk).update(state=State.SUCCEEDED, reference="re_twice")
    (breach,) = paid_orders.no_more_goes_back_than_came()
    assert breach.subject == order.number


def test_a_refund_given_another_way_is_owed_no_longer_and_its_goods_are_back(
    order, run_tasks, give_up
):
    refund = owe(order, Decimal("12.50"), lines={order.lines.get().pk: Back(1)})
    give_up()

    withdraw(refund)
    run_tasks()

    assert state(refund) == (State.CANCELLED, False)
    assert held(order) == ""
    assert order.events.get(kind="refund_withdrawn").data["why"] == "Wired"
    assert refunding.money_left(order.attempts.get()) == Decimal("29.90")
    assert [piece.quantity for piece in billing.parcel(order).lines] == [1]
    assert credits() == []


def test_withdrawing_one_refund_answers_no_other_question(order, run_tasks, give_up):
    first, second = owe(order), owe(order)
    give_up()

    withdraw(first)
    assert held(order) == Order.Hold.NEEDS_REVIEW
    holding.ask(order, "something else", at=timezone.now())
    withdraw(second)

    assert held(order) == Order.Hold.NEEDS_REVIEW


def test_a_refund_that_was_made_after_all_is_not_withdrawn(sandbox, order, give_up):
    refund = owe(order)
    sandbox.fail("refunds.list", kind="reset", when="before", times=100)
    give_up("refunds.create", when="after")

    with pytest.raises(NotUnanswered):
        withdraw(refund)

    assert state(refund) == (State.SUCCEEDED, True)
    assert len(sandbox.events("refund.created")) == 1


def test_a_refund_that_is_asked_for_again_is_not_withdrawn(order, give_up):
    refund = owe(order)
    give_up()
    unanswered.ask_again(refund, at=timezone.now())

    with pytest.raises(NotUnanswered):
        withdraw(refund)

    assert state(refund) == (State.OWED, False)


def test_a_withdrawn_refund_is_not_asked_for_again(sandbox, order, run_tasks, give_up):
    refund = owe(order)
    give_up()
    withdraw(refund)

    unanswered.ask_again(refund, at=timezone.now())
    run_tasks()

    assert state(refund) == (State.CANCELLED, False)
    assert not sandbox.events("refund.created")


def test_nothing_is_withdrawn_while_the_provider_cannot_be_asked(sandbox, order, give_up):
    refund = owe(order)
    give_up()
    sandbox.fail("refunds.list", kind="reset", when="before", times=10)

    with pytest.raises(GatewayUnavailable):
        withdraw(refund)

    assert state(refund) == (State.OWED, False)


def test_staff_say_how_the_money_was_given_instead(sandbox, order, staff, give_up):
    refund = owe(order)
    give_up()
    page = reverse("orders_modeladmin_inspect", args=[order.pk])
    address = reverse("orders_refund_withdraw", args=[order.pk])
    assert f'action="{address}"' in staff.get(page).content.decode()

    def say(**entries: str) -> str:
        return staff.post(address, entries, follow=True).content.decode()

    assert "Which refund?" in say(reason="Wired")
    assert "This field is required" in say(refund=str(refund.pk), reason=" ")
    sandbox.fail("refunds.list", kind="reset", when="before", times=10)
    assert "cannot be asked just now" in say(refund=str(refund.pk), reason="Wired")
    sandbox.control("faults", clear=1)
    assert state(refund) == (State.OWED, False)

    assert "not asked for it any more" in say(refund=str(refund.pk), reason="Wired by hand")
    assert "Nothing was changed" in say(refund=str(refund.pk), reason="Wired by hand")

    event = order.events.get(kind="refund_withdrawn")
    assert (event.by.username, event.data["why"]) == ("mia", "Wired by hand")
    assert f'action="{address}"' not in staff.get(page).content.decode()
