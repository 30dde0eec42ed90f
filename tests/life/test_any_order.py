"""Whatever happens, in whatever order: the shop's books stay right.

Hypothesis makes up lives of orders (bought, with a coupon or without, paid, declined, events
doubled, late and lost, pages ended, money given back, banks that change their mind, processes that
die) and looks for one after which something is wrong. `EXAMPLES=500 STEPS=50` looks longer.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import hypothesis
import pytest
import time_machine
from django.db.models import Max, Model, QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from cart.tests.factories import make_coupon
from checkout import gateways, tasks
from checkout.auditing import reconciling
from checkout.gateways.protocol import GatewayError, Payment
from checkout.models import Dispute, Finding, Order, PaymentAttempt, ProviderEvent, Refund
from checkout.models.orders import WrongTurn
from checkout.money_back import refunding
from checkout.money_back.refunding import NothingToRefund
from checkout.money_back.returns import Back, TooMuch, lines_left, shipping_left
from checkout.orders import fulfilment
from checkout.orders.placing import SoldOut
from checkout.payments import paying, reinstating
from checkout.payments.reinstating import NotReinstatable
from checkout.tests.buying import Shopper, open_shop
from invoices import tasks as invoice_tasks
from invoices.models import Invoice
from mailing import tasks as mailing_tasks
from mailing.models import Message
from products.tests.factories import make_variant
from storefront import books
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
    lives = 0

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.process = Process(self.monkeypatch)
        self.clock = time_machine.travel(timezone.now(), tick=True)
        self.time = self.clock.start()
        self.seen = len(self.sandbox.events())
        Lives.lives += 1
        # Two customers may use it twice and three times in all: either limit may be met first.
        self.code = f"LIFE{self.lives}"
        make_coupon(self.code, total_limit=3, per_customer_limit=2)
        # What an earlier life left behind is that life's.
        models = (PaymentAttempt, Message, Invoice, ProviderEvent, Refund, Dispute)
        self.last = {
            model: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in models
        }

    # --- What shoppers do ----------------------------------------------------------------------

    @rule(
        target=orders,
        quantities=st.dictionaries(st.sampled_from(SKUS), st.integers(1, 3), min_size=1),
        regular=st.none() | st.sampled_from(["ada", "bob"]),
        death=deaths,
    )
    def somebody_orders(
        self, quantities: dict[str, int], regular: str | None, death: Death | None
    ) -> int | None:
        """A stranger, or one of two who enter the code; it may be used up by then."""
        Lives.shoppers += 1
        # Another address each time, and yet the same customer.
        name = f"{regular}{self.lives}+" if regular else "shopper"
        email = f"{name}{self.shoppers}@example.com"
        shopper = Shopper()
        for sku, quantity in quantities.items():
            shopper.add(sku, quantity)
        if regular:
            shopper.client.post(reverse("cart:apply_coupon"), {"code": self.code})
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
            self.process.run(self.asked, paying.settle, attempt, death=death)

    @rule(order=orders, death=deaths)
    def tries_to_pay_again(self, order: int | None, death: Death | None) -> None:
        if order:
            self.process.run(self.asked, paying.start, Order.objects.get(pk=order), death=death)

    @rule(order=orders, death=deaths)
    def orders_something_else_instead(self, order: int | None, death: Death | None) -> None:
        if order:
            self.process.run(self.asked, paying.cancel, Order.objects.get(pk=order), death=death)

    # --- What the provider and the banks do ----------------------------------------------------

    @rule(order=orders, outcome=st.sampled_from(["succeeded", "failed"]))
    def the_bank_answers_a_debit(self, order: int | None, outcome: str) -> None:
        self.at_the_provider(
            order, lambda page: self.sandbox.control(f"async/{page}", outcome=outcome)
        )

    @rule(order=orders, amount=st.sampled_from([None, "100", "250"]))
    def money_goes_back_at_the_provider(self, order: int | None, amount: str | None) -> None:
        what = {"amount": amount} if amount else {}
        self.with_the_payment(
            order, lambda intent: self.sandbox.control(f"refund/{intent}", **what)
        )

    @rule(order=orders, kind=st.sampled_from(["chargeback", "inquiry"]))
    def the_buyer_complains_to_the_bank(self, order: int | None, kind: str) -> None:
        self.with_the_payment(
            order, lambda payment: self.sandbox.control(f"dispute/{payment}", kind=kind)
        )

    @rule(outcome=st.sampled_from(["won", "lost"]), which=st.integers(0, 100))
    def the_bank_decides(self, outcome: str, which: int) -> None:
        if disputes := list(self.ours(Dispute).filter(state__in=Dispute.OPEN)):
            reference = disputes[which % len(disputes)].reference
            with impossible_things_refused():
                self.sandbox.control(f"dispute/{reference}/close", outcome=outcome)

    @rule()
    def refunds_come_to_their_end(self) -> None:
        self.sandbox.control("settle")

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

    @rule(order=orders, share=st.sampled_from(["3.00", "all", "one piece"]), death=deaths)
    def staff_give_money_back(self, order: int | None, share: str, death: Death | None) -> None:
        def refund() -> None:
            found = Order.objects.get(pk=order)
            line = found.lines.get(position=1)
            how: dict[str, Any] = {"amount": Decimal("3.00")}
            if share == "all":
                left = [one for one in lines_left(found) if one.quantity]
                lines = {one.line.pk: Back(one.quantity, restock=True) for one in left}
                how = {"lines": lines, "shipping": shipping_left(found)}
            elif share == "one piece":
                how = {"lines": {line.pk: Back(1, False)}}
            with suppress(NothingToRefund, TooMuch):
                refunding.order_refund(found, **how, reason="Sent back", by=None, at=timezone.now())

        if order:
            self.process.run(refund, death=death)

    @rule(order=orders, death=deaths)
    def staff_take_it_up_again(self, order: int | None, death: Death | None) -> None:
        def reinstate() -> None:
            with suppress(NotReinstatable, SoldOut):
                reinstating.reinstate(Order.objects.get(pk=order), by=None, at=timezone.now())

        if order:
            self.process.run(reinstate, death=death)

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
        assert [str(breach) for breach in books.breaches(timezone.now())] == []

    def teardown(self) -> None:
        """In the end, with everybody awake, the shop knows what the provider knows."""
        self.sandbox.control("faults", clear=1)
        self.sandbox.control("settle")
        for _ in range(12):
            self.time.shift(timedelta(minutes=11))
            for sweep in SWEEPS:
                self.process.run(sweep)
            self.process.work()
        reconciling.reconcile("stripe", at=timezone.now())
        self.process.work()
        try:
            assert list(Finding.objects.filter(resolved_at=None).values_list("detail")) == []
            self.the_books_are_right()
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
        assert not self.ours(Refund).filter(state=Refund.State.OWED).exists()

    def ours(self, model: type[Model]) -> QuerySet[Any]:
        return model._default_manager.filter(pk__gt=self.last[model])

    # --- How -----------------------------------------------------------------------------------

    def last_attempt(self, order: int | None) -> PaymentAttempt | None:
        return PaymentAttempt.objects.filter(order_id=order).first() if order else None

    def at_the_provider(self, order: int | None, act: Callable[[str], Any]) -> None:
        """What the buyer or the bank does there; impossible things are refused there."""
        attempt = self.last_attempt(order)
        if attempt and attempt.reference:
            with impossible_things_refused():
                act(attempt.reference)

    def with_the_payment(self, order: int | None, act: Callable[[str], Any]) -> None:
        """What happens to money that the provider has, as far as we know its name."""
        paid = PaymentAttempt.objects.filter(order_id=order).exclude(payment_reference="").first()
        if order and paid:
            with impossible_things_refused():
                act(paid.payment_reference)

    def asked(self, do: Callable[..., Any], subject: Any) -> None:
        """The provider may say no, or nothing."""
        with suppress(GatewayError, paying.NotPayable):
            do(subject, at=timezone.now())


@contextmanager
def impossible_things_refused() -> Iterator[None]:
    """The provider knows what cannot be; an address that is not there is a mistake of ours."""
    try:
        yield
    except AssertionError as refusal:
        if "sandbox: 404" in str(refusal):
            raise


def _last(model: type[Model]) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


SWEEPS = (
    tasks.sweep_events,
    tasks.sweep_attempts,
    tasks.expire_orders,
    tasks.sweep_refunds,
    tasks.catch_up,
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

    # As after every step of every life.
    assert list(books.breaches(timezone.now())) == []
