"""Our books and the provider's, compared both ways, and what is found."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from checkout import tasks
from checkout.auditing import findings, reconciling
from checkout.models import Audit, Dispute, Finding, Order, PaymentAttempt, Refund
from checkout.money_back import refunds, repaying
from checkout.money_back.refunding import order_refund
from checkout.tests.buying import Shopper, buy_tea, order_tea
from invoices.models import Invoice
from mailing.breaches import Breach

pytestmark = pytest.mark.django_db


def open_findings() -> list[tuple[str, str]]:
    return list(
        Finding.objects.filter(resolved_at=None)
        .order_by("invariant")
        .values_list("invariant", "subject")
    )


def test_books_that_agree_have_no_findings(sandbox, shopper, run_tasks):
    order = buy_tea(sandbox, shopper)
    order_refund(order, amount=Decimal(5), reason="", by=None, at=timezone.now())
    run_tasks()

    tasks.reconcile()

    assert open_findings() == []
    assert Audit.objects.get().finished_at


def test_what_our_books_forgot_is_healed(sandbox, shopper, run_tasks):
    paid = order_tea(shopper)
    refunded, disputed = (buy_tea(sandbox, Shopper()) for _ in range(2))
    sandbox.pay(paid.attempts.get().reference)
    order_refund(refunded, amount=Decimal(5), reason="", by=None, at=timezone.now())
    run_tasks()
    sandbox.control(f"dispute/{disputed.attempts.get().payment_reference}")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE checkout_paymentattempt SET check_at = NULL")
        cursor.execute("UPDATE checkout_refund SET reference = NULL, state = 'owed'")

    tasks.reconcile()

    paid.refresh_from_db()
    assert paid.status == Order.Status.PAID
    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    assert Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE).count() == 1
    assert Dispute.objects.get().order == disputed
    assert open_findings() == []


def test_what_cannot_be_healed_is_found_both_ways_and_gone_when_it_is_right(
    sandbox, shopper, run_tasks
):
    """An amount tampered with there, a payment unknown there, one unknown here."""
    tampered, vanished, unknown = (buy_tea(sandbox, one) for one in (shopper, Shopper(), Shopper()))
    moved = vanished.attempts.get()
    sandbox.control(f"amount/{tampered.attempts.get().reference}", amount_total=1)
    lost = unknown.attempts.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE checkout_paymentattempt SET reference = 'cs_nowhere' WHERE id = %s", [moved.pk]
        )
        cursor.execute(
            "UPDATE checkout_paymentattempt SET key = %s, reference = 'cs_gone' WHERE id = %s",
            ["0" * 32, lost.pk],
        )

    tasks.reconcile()

    found = open_findings()
    assert ("payments agree in amount and currency", tampered.attempts.get().reference) in found
    assert ("every payment booked here is at the provider", "cs_nowhere") in found
    assert ("every payment booked here is at the provider", "cs_gone") in found
    assert ("every payment at the provider is booked here", lost.reference) in found
    assert Audit.objects.get().found == len(found) == 4

    sandbox.control(f"amount/{tampered.attempts.get().reference}", amount_total=1740)
    tasks.reconcile()
    assert len(open_findings()) == 3
    assert Finding.objects.exclude(resolved_at=None).get().invariant.startswith("payments agree")


def test_what_happens_while_the_books_are_compared_is_no_finding(sandbox, shopper, monkeypatch):
    order, read = order_tea(shopper), reconciling._read

    def slowly(*args: Any, **options: Any) -> reconciling.Theirs:
        theirs = read(*args, **options)
        if Order.objects.filter(pk=order.pk, status=Order.Status.PLACED):
            shopper.pay(order, sandbox)
            order_refund(order, amount=Decimal(5), reason="", by=None, at=timezone.now())
            repaying.make(Refund.objects.get().pk, at=timezone.now())
        return theirs

    monkeypatch.setattr(reconciling, "_read", slowly)

    reconciling.reconcile("stripe", at=timezone.now())

    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    assert open_findings() == []


def test_one_payment_that_cannot_be_followed_does_not_end_the_comparison(
    sandbox, shopper, monkeypatch
):
    order = buy_tea(sandbox, shopper)
    sandbox.control(f"refund/{order.attempts.get().payment_reference}", amount=500)

    def broken(*args: Any, **options: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(refunds, "record", broken)

    audit = reconciling.reconcile("stripe", at=timezone.now())

    assert audit.finished_at
    [(invariant, _name)] = open_findings()
    assert invariant == reconciling.REFUND_NOT_HERE


def test_a_finding_is_gone_when_it_is_right_and_not_when_it_is_old(
    sandbox, shopper, time_machine_at
):
    sandbox.pay(order_tea(shopper).attempts.get().reference)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE checkout_paymentattempt SET reference = NULL, state = 'failed'")
    PaymentAttempt.objects.update(key=uuid4())
    tasks.reconcile()
    assert [invariant for invariant, _name in open_findings()] == [reconciling.NOT_HERE]

    with time_machine_at(days=31):
        tasks.reconcile()

    assert [invariant for invariant, _name in open_findings()] == [reconciling.NOT_HERE]


def test_a_finding_that_stays_keeps_its_day(time_machine_at):
    breach = Breach("all is well", "order X", "it is not")
    findings.record(Audit.Kind.SHOP_CHECK, [breach], at=timezone.now())
    found_at = Finding.objects.get().found_at

    with time_machine_at(days=1):
        findings.record(Audit.Kind.SHOP_CHECK, [breach, breach], at=timezone.now())
        findings.record(Audit.Kind.RECONCILIATION, [], at=timezone.now())

    finding = Finding.objects.get()
    assert (finding.found_at, finding.resolved_at) == (found_at, None)
    assert finding.seen_at > found_at


def test_a_comparison_that_is_cut_short_is_seen_to_have_failed(sandbox, shopper):
    breach = Breach("all is well", "order X", "it is not")
    findings.record(Audit.Kind.RECONCILIATION, [breach], at=timezone.now())
    sandbox.fail("refunds.list", kind="reset", when="before", times=5)

    tasks.reconcile()

    assert Audit.objects.first().finished_at is None
    assert len(open_findings()) == 1  # nothing is resolved by not looking
