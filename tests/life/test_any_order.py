"""Whatever happens, in whatever order: the shop's books stay right.

Hypothesis makes up lives of orders (bought, paid, declined, events doubled, late and lost, pages
ended, money given back, banks that change their mind, processes that die) and looks for one after
which something is wrong. `EXAMPLES=500 STEPS=50` looks longer.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
import time_machine
from django.db.models import Max, Model, QuerySet
from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from checkout import fulfilment, gateways, payments, tasks
from checkout.gateways.protocol import GatewayError, Payment
from checkout.models import Order, PaymentAttempt, ProviderEvent
from checkout.models.orders import WrongTurn
from checkout.tests.buying import Shopper, open_shop
from invoices import tasks as invoice_tasks
from invoices.models import Invoice
from mailing import tasks as mailing_tasks
from mailing.models import Message
from products.models import StockItem, StockMovement
from products.tests.factories import make_variant
from tests.fixtures.sandbox import Sandbox, post_event

from .dying import Death, Process

EXAMPLES = int(os.environ.get("EXAMPLES", "12"))
STEPS = int(os.environ.get("STEPS", "20"))
SKUS = ("TEA-100", "CUP-1")
CARDS = ("4242424242424242", "4000000000000002", "4000000000000259", "4000000000005126")

deaths = st.none() | st.builds(Death, st.integers(1, 5), st.booleans())


class Lives(RuleBasedStateMachine):
    """One shop, one provider, some shoppers, a clock that only goes forward."""

    sandbox: Sandbox
    monkeypatch: pytest.MonkeyPatch
    shoppers = 0

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.process = Process(self.monkeypatch)
        self.clock = time_machine.travel(timezone.now(), tick=True)
        self.time = self.clock.start()
        self.seen = len(self.sandbox.events())
        # What an earlier life left behind is that life's.
        models = (PaymentAttempt, Message, Invoice, ProviderEvent)
        self.last = {
            model: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in models
        }

    # --- What shoppers do ----------------------------------------------------------------------

    @rule(
        target=orders,
        quantities=st.dictionaries(st.sampled_from(SKUS), st.integers(1, 3), min_size=1),
        death=deaths,
    )
    def somebody_orders(self, quantities: dict[str, int], death: Death | None) -> int | None:
        Lives.shoppers += 1
        email = f"shopper{self.shoppers}@example.com"
        shopper = Shopper()
        for sku, quantity in quantities.items():
            shopper.add(sku, quantity)
        form = shopper.form(email=email)
        self.process.run(shopper.send, form, death=death)
        order = Order.objects.filter(email=email).first()
        return order.pk if order else None

    @rule(order=orders, card=st.sampled_from(CARDS))
    def pays_by_card(self, order: int | None, card: str) -> None:
        self.at_the_provider(order, lambda page: self.sandbox.pay(page, card))

    @rule(order=orders)
    def pays_by_debit(self, order: int | None) -> None:
        self.at_the_provider(order, lambda page: self.sandbox.pay(page, method="bank_debit"))

    @rule(order=orders, death=deaths)
    def comes_back(self, order: int | None, death: Death | None) -> None:
        if attempt := self.last_attempt(order):
            self.process.run(self.asked, payments.settle, attempt, death=death)

    @rule(order=orders, death=deaths)
    def tries_to_pay_again(self, order: int | None, death: Death | None) -> None:
        if order:
            self.process.run(self.asked, payments.start, Order.objects.get(pk=order), death=death)

    @rule(order=orders, death=deaths)
    def orders_something_else_instead(self, order: int | None, death: Death | None) -> None:
        if order:
            self.process.run(self.asked, payments.cancel, Order.objects.get(pk=order), death=death)

    # --- What the provider and the banks do ----------------------------------------------------

    @rule(order=orders, outcome=st.sampled_from(["succeeded", "failed"]))
    def the_bank_answers_a_debit(self, order: int | None, outcome: str) -> None:
        self.at_the_provider(
            order, lambda page: self.sandbox.control(f"finish_debit/{page}", outcome=outcome)
        )

    @rule(order=orders)
    def the_page_ends(self, order: int | None) -> None:
        self.at_the_provider(order, self.sandbox.expire)

    @rule(which=st.integers(0, 1000), times=st.integers(1, 3), death=deaths)
    def an_event_arrives(self, which: int, times: int, death: Death | None) -> None:
        """Any event so far, early or late, once or more than once. The others stay lost."""
        if events := self.sandbox.events()[self.seen :]:
            event = events[which % len(events)]
            for _ in range(times):
                self.process.run(post_event, event, Client(), death=death)

    @rule(
        operation=st.sampled_from(["checkout.sessions.create", "checkout.sessions.retrieve"]),
        when=st.sampled_from(["before", "after"]),
    )
    def the_provider_stumbles(self, operation: str, when: str) -> None:
        self.sandbox.fail(operation, kind="500", when=when, times=1)

    # --- What the shop does --------------------------------------------------------------------

    @rule(death=deaths)
    def workers_work(self, death: Death | None) -> None:
        self.process.work(death)

    @rule(death=deaths)
    def beat_beats(self, death: Death | None) -> None:
        for sweep in SWEEPS:
            self.process.run(sweep, death=death)
        self.process.work()

    @rule()
    def the_broker_forgets(self) -> None:
        self.process.queue.clear()

    @rule(order=orders, death=deaths)
    def staff_send_the_parcel(self, order: int | None, death: Death | None) -> None:
        def ship() -> None:
            with suppress(WrongTurn, fulfilment.OnHold):
                fulfilment.ship(order, tracking="", by=None, at=timezone.now())

        if order:
            self.process.run(ship, death=death)

    @rule(minutes=st.sampled_from([1, 11, 61, 130]))
    def time_passes(self, minutes: int) -> None:
        self.time.shift(timedelta(minutes=minutes))

    # --- What must hold ------------------------------------------------------------------------

    @invariant()
    def the_books_are_right(self) -> None:
        assert not list(breaches())

    def teardown(self) -> None:
        """In the end, with everybody awake, the shop knows what the provider knows."""
        self.sandbox.control("faults", clear=1)
        for _ in range(12):
            self.time.shift(timedelta(minutes=11))
            for sweep in SWEEPS:
                self.process.run(sweep)
            self.process.work()
        try:
            self.all_is_known()
        finally:
            self.clock.stop()

    def all_is_known(self) -> None:
        stripe = gateways.get("stripe")
        for attempt in self.ours(PaymentAttempt).exclude(reference=None).select_related("order"):
            there = stripe.fetch(attempt).payment
            here = attempt.state
            assert (there == Payment.PAID) == (here == PaymentAttempt.State.PAID), attempt
        assert not self.ours(Message).exclude(state=Message.State.SENT).exists()
        assert not self.ours(Invoice).filter(printed_at=None).exists()
        assert not self.ours(ProviderEvent).filter(state=ProviderEvent.State.RECEIVED).exists()

    def ours(self, model: type[Model]) -> QuerySet[Any]:
        return model._default_manager.filter(pk__gt=self.last[model])

    # --- How -----------------------------------------------------------------------------------

    def last_attempt(self, order: int | None) -> PaymentAttempt | None:
        return PaymentAttempt.objects.filter(order_id=order).first() if order else None

    def at_the_provider(self, order: int | None, act: Callable[[str], Any]) -> None:
        """What the buyer or the bank does there; impossible things are refused there."""
        attempt = self.last_attempt(order)
        if attempt and attempt.reference:
            with suppress(AssertionError):
                act(attempt.reference)

    def asked(self, do: Callable[..., Any], subject: Any) -> None:
        """The provider may say no, or nothing."""
        with suppress(GatewayError, payments.NotPayable):
            do(subject, at=timezone.now())


def _last(model: type[Model]) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


SWEEPS = (
    tasks.sweep_events,
    tasks.sweep_attempts,
    tasks.expire_orders,
    invoice_tasks.sweep,
    mailing_tasks.sweep,
)


@pytest.mark.django_db(transaction=True)
def test_no_life_of_orders_puts_the_books_wrong(sandbox, monkeypatch, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    open_shop()
    for sku in SKUS:
        make_variant(sku, stock=10_000, title=sku)
    Lives.sandbox, Lives.monkeypatch = sandbox, monkeypatch

    hypothesis.stateful.run_state_machine_as_test(
        Lives,
        settings=hypothesis.settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            print_blob=True,
        ),
    )


def breaches() -> list[str]:
    """Until the shop's own check is asked: stock and numbers."""
    wrong = []
    for item in StockItem.objects.all():
        moves = StockMovement.objects.filter(item=item).values_list(
            "on_hand_change", "reserved_change"
        )
        if (item.on_hand, item.reserved) != (sum(m[0] for m in moves), sum(m[1] for m in moves)):
            wrong.append(str(item))
    numbers = sorted(Invoice.objects.values_list("sequence", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        wrong.append(str(numbers))
    return wrong
