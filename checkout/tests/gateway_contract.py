"""What every gateway must do, whichever provider is behind it.

An adapter's test module subclasses `GatewayContract` and gives it a `Driver`: somebody who acts as
the buyer, the bank and the provider's own desk at that provider's sandbox.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

import pytest
from django.utils import timezone

from checkout import gateways
from checkout.gateways.protocol import (
    Gateway,
    GatewayRefused,
    GatewayUnavailable,
    Payment,
    Quarrel,
    Repayment,
    Start,
    Status,
    UnverifiedMessage,
    Urls,
)
from checkout.models import PaymentAttempt, Refund
from checkout.tests.factories import make_attempt, make_order

URLS = Urls(success="https://shop.example/back", cancel="https://shop.example/back")


class Driver(Protocol):
    """Acts at the provider's sandbox, by the provider's own names of pages and payments."""

    name: str  # as in `gateways.GATEWAYS`

    def pay(self, page: str) -> None: ...
    def decline(self, page: str) -> None: ...
    def pay_later(self, page: str) -> None: ...  # the money is under way
    def money_fails(self, page: str) -> None: ...  # and comes to nothing
    def refund(self, payment: str, amount_minor: int) -> None: ...  # at the provider's desk
    def dispute(self, payment: str) -> str: ...  # its name
    def decide(self, dispute: str, *, won: bool) -> None: ...
    def lose_the_next_answer(self) -> None: ...  # after the work is done
    def be_silent(self) -> None: ...
    def notification(self) -> tuple[bytes, dict[str, str]]: ...  # a callback, signed


class GatewayContract:
    """Tests any adapter runs. The fixture `driver` is the subclass's."""

    @pytest.fixture
    def gateway(self, driver: Driver) -> Gateway:
        return gateways.get(driver.name)

    @pytest.fixture
    def attempt(self, driver: Driver) -> PaymentAttempt:
        """A new try to pay 29.90, not yet at the provider."""
        now = timezone.now()
        return make_attempt(
            make_order(),
            gateway=driver.name,
            reference=None,
            state=PaymentAttempt.State.NEW,
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )

    @pytest.fixture
    def paid(self, driver: Driver, gateway: Gateway, attempt: PaymentAttempt) -> PaymentAttempt:
        open_page(gateway, attempt)
        driver.pay(attempt.reference)
        status = gateway.fetch(attempt)
        attempt.payment_reference = status.payment_reference
        attempt.state, attempt.captured_minor = PaymentAttempt.State.PAID, status.amount_minor
        attempt.captured_currency = status.currency
        attempt.save()
        return attempt

    def test_a_page_asks_for_the_orders_total(self, gateway, attempt):
        page = open_page(gateway, attempt)

        assert (page.amount_minor, page.currency) == (2990, "EUR")
        assert page.url.startswith("http")

    def test_asking_again_gives_the_same_page(self, gateway, attempt):
        assert gateway.start(attempt, URLS) == gateway.start(attempt, URLS)

    def test_a_page_whose_answer_was_lost_is_found(self, driver, gateway, attempt):
        assert gateway.find(attempt) is None
        page = gateway.start(attempt, URLS)

        assert gateway.find(attempt) == page

    def test_nobody_has_paid_yet(self, gateway, attempt):
        open_page(gateway, attempt)

        assert gateway.fetch(attempt).payment == Payment.OPEN

    def test_what_was_paid_is_told_with_all_that_must_agree(self, gateway, paid):
        status = gateway.fetch(paid)

        assert status == Status(
            payment=Payment.PAID,
            attempt_key=str(paid.key),
            reference=paid.reference,
            payment_reference=status.payment_reference,
            amount_minor=2990,
            currency="EUR",
            livemode=False,
            method=status.method,
        )
        assert status.payment_reference
        assert status.method

    def test_a_declined_payment_leaves_the_page_open(self, driver, gateway, attempt):
        open_page(gateway, attempt)

        driver.decline(attempt.reference)

        assert gateway.fetch(attempt).payment == Payment.OPEN

    def test_money_under_way_is_pending_until_it_fails(self, driver, gateway, attempt):
        open_page(gateway, attempt)

        driver.pay_later(attempt.reference)
        assert gateway.fetch(attempt).payment == Payment.PENDING
        driver.money_fails(attempt.reference)

        assert gateway.fetch(attempt).payment == Payment.FAILED

    def test_a_cancelled_page_takes_no_money(self, gateway, attempt):
        open_page(gateway, attempt)

        assert gateway.cancel(attempt).payment == Payment.EXPIRED
        assert gateway.cancel(attempt).payment == Payment.EXPIRED

    def test_cancelling_too_late_says_paid(self, gateway, paid):
        assert gateway.cancel(paid).payment == Payment.PAID

    def test_a_refund_is_made_once_however_often_it_is_asked(self, gateway, paid):
        refund = owe(paid, 1000)

        first, again = gateway.refund(refund), gateway.refund(refund)

        assert first == again
        assert (first.repayment, first.amount_minor) == (Repayment.SUCCEEDED, 1000)
        assert (first.refund_id, first.payment_reference) == (
            str(refund.pk),
            paid.payment_reference,
        )
        assert gateway.refunds(paid) == [first]

    def test_a_refund_whose_answer_was_lost_is_found(self, driver, gateway, paid):
        refund = owe(paid, 1000)
        driver.lose_the_next_answer()
        with pytest.raises(GatewayUnavailable):
            gateway.refund(refund)

        refund.attempts = 5  # long after the provider has forgotten our key
        status = gateway.refund(refund)

        assert gateway.refunds(paid) == [status]

    def test_more_than_was_paid_is_refused(self, gateway, paid):
        with pytest.raises(GatewayRefused):
            gateway.refund(owe(paid, 2991))

        assert gateway.refunds(paid) == []

    def test_a_refund_made_at_the_provider_is_listed_without_our_number(
        self, driver, gateway, paid
    ):
        driver.refund(paid.payment_reference, 500)

        status = gateway.refunds(paid)[0]

        assert (status.refund_id, status.amount_minor, status.currency) == ("", 500, "EUR")
        assert status in gateway.refunds_since(an_hour_ago())

    def test_a_dispute_is_listed_until_it_is_decided(self, driver, gateway, paid):
        name = driver.dispute(paid.payment_reference)

        opened = gateway.disputes(paid)[0]
        assert (opened.reference, opened.quarrel) == (name, Quarrel.NEEDS_RESPONSE)
        assert (opened.amount_minor, opened.currency) == (2990, "EUR")
        assert opened.respond_by > timezone.now()
        driver.decide(name, won=False)

        assert gateway.disputes(paid)[0].quarrel == Quarrel.LOST
        assert [one.quarrel for one in gateway.disputes_since(an_hour_ago())] == [Quarrel.LOST]

    def test_other_payments_money_is_not_mixed_in(self, driver, gateway, paid):
        other = make_attempt(make_order(), gateway=driver.name, reference=None)
        open_page(gateway, other)
        driver.pay(other.reference)
        other.payment_reference = gateway.fetch(other).payment_reference

        driver.refund(other.payment_reference, 500)
        driver.dispute(other.payment_reference)

        assert gateway.refunds(paid) == []
        assert gateway.disputes(paid) == []

    def test_paid_pages_are_listed_and_open_ones_are_not(self, gateway, paid):
        open_page(gateway, make_attempt(make_order(), gateway=paid.gateway, reference=None))

        assert list(gateway.payments(an_hour_ago())) == [gateway.fetch(paid)]
        assert list(gateway.payments(timezone.now() + timedelta(hours=1))) == []

    def test_what_happened_is_told_afterwards_too(self, driver, gateway, paid):
        driver.refund(paid.payment_reference, 500)

        notes = list(gateway.recent(an_hour_ago()))

        assert paid.reference in {note.reference for note in notes}
        assert paid.payment_reference in {note.payment_reference for note in notes}
        assert not any(note.livemode for note in notes)

    def test_a_callback_is_read_once_it_is_verified(self, driver, gateway, paid):
        body, headers = driver.notification()

        assert gateway.read(body, headers)[0].event_id
        with pytest.raises(UnverifiedMessage):
            gateway.read(body + b" ", headers)
        with pytest.raises(UnverifiedMessage):
            gateway.read(body, {})

    def test_silence_is_no_refusal(self, driver, gateway, paid):
        driver.be_silent()

        for ask in (
            lambda: gateway.start(paid, URLS),
            lambda: gateway.fetch(paid),
            lambda: gateway.refund(owe(paid, 100)),
            lambda: gateway.refunds(paid),
            lambda: gateway.disputes(paid),
            lambda: list(gateway.recent(an_hour_ago())),
            lambda: list(gateway.payments(an_hour_ago())),
        ):
            with pytest.raises(GatewayUnavailable):
                ask()

    @pytest.mark.parametrize(
        ("amount", "currency", "minor"),
        [("12.34", "EUR", 1234), ("1250", "JPY", 1250), ("1.230", "KWD", 1230)],
    )
    def test_amounts_go_there_and_back(self, gateway, amount, currency, minor):
        assert gateway.minor_units(Decimal(amount), currency) == minor
        assert gateway.major_units(minor, currency) == Decimal(amount)

    def test_a_fraction_of_a_coin_is_refused(self, gateway):
        with pytest.raises(GatewayRefused):
            gateway.minor_units(Decimal("1.005"), "EUR")


def open_page(gateway: Gateway, attempt: PaymentAttempt) -> Start:
    page = gateway.start(attempt, URLS)
    attempt.reference, attempt.state = page.reference, PaymentAttempt.State.OPEN
    attempt.save()
    return page


def owe(attempt: PaymentAttempt, amount_minor: int) -> Refund:
    facts: dict[str, Any] = {"created_at": timezone.now(), "attempts": 1}
    return Refund.objects.create(
        order=attempt.order,
        attempt=attempt,
        amount_minor=amount_minor,
        amount=Decimal(amount_minor) / 100,
        currency="EUR",
        **facts,
    )


def an_hour_ago() -> datetime:
    return timezone.now() - timedelta(hours=1)
