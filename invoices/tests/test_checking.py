"""The books are looked over: sound ones pass, each thing that can go wrong is found."""

from decimal import Decimal

import pytest

from invoices import printing
from invoices.checking import breaches
from invoices.issuing import cancel, issue_credit_note, issue_delivery_note, issue_invoice
from invoices.models import Invoice, InvoiceLine, NumberSeries
from invoices.tests import factories
from invoices.tests.adding_up import Sold, bill_of, credit_of
from invoices.tests.factories import AT, bill
from mailing.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(monkeypatch):
    """Two invoices, one credited, one cancelled, and a delivery note; all printed."""
    monkeypatch.setattr(printing, "_render", lambda document: document.number.encode())
    factories.seller()
    goods = [Sold("Sencha", 2, "14.90", "7", discount="1.49"), Sold("Kyusu", 1, "64.00")]
    first = issue_invoice(bill_of(goods, shipping="4.90", order_number="A"), at=AT)
    second = issue_invoice(bill_of(goods, net=True, order_number="B"), at=AT)
    issue_credit_note(first, credit_of("refund:1", goods[:1]), at=AT)
    cancel(second, key="cancel:1", reason="Wrong address", at=AT)
    issue_delivery_note(bill("A"), key="shipment:1", at=AT)
    for document in Invoice.objects.all():
        printing.print_if_due(document.pk, at=AT)
    return Invoice.objects


def found():
    return [(breach.invariant, breach.subject) for breach in breaches()]


def test_sound_books_have_no_breach(books):
    assert books.count() == 5
    assert found() == []


def test_a_gap_is_found(books):
    books.filter(number="CRN-2026-00001").update(sequence=2)
    assert found() == [("the numbers of a series are 1…N", "CRN-2026")]


def test_a_counter_that_ran_ahead_is_found(books):
    NumberSeries.objects.filter(series="INV").update(last=3)
    assert found() == [("the numbers of a series are 1…N", "INV-2026")]


def test_a_counter_of_nothing_is_found(books):
    NumberSeries.objects.create(series="INV", year=2025, last=1)
    assert found() == [("the numbers of a series are 1…N", "INV-2025")]


@pytest.mark.parametrize("field", ["subtotal", "discount", "shipping", "total"])
def test_a_sum_that_does_not_agree_is_found(books, field):
    books.filter(number="INV-2026-00001").update(**{field: Decimal("0.01")})
    assert ("the sums of a document agree", "INV-2026-00001") in found()


@pytest.mark.parametrize("field", ["discount", "tax", "total"])
def test_a_line_that_does_not_agree_is_found(books, field):
    lines = InvoiceLine.objects.filter(invoice__number="INV-2026-00001", position=1)
    lines.update(**{field: Decimal("9.99")})
    assert ("the sums of a document agree", "INV-2026-00001") in found()


def test_a_rate_that_does_not_agree_is_found(books):
    document = books.get(number="INV-2026-00001")
    document.taxes[0]["net"] = "1.00"
    document.save()
    assert found() == [("the sums of a document agree", "INV-2026-00001")]


def test_more_credit_than_was_billed_is_found(books):
    books.filter(number="CRN-2026-00001").update(total=Decimal("97.22"))
    assert ("no more is credited than was billed", "INV-2026-00001") in found()


def test_a_credit_note_that_was_cancelled_counts_no_more(books):
    cancel(books.get(number="CRN-2026-00001"), key="undo", reason="Refused", at=AT)
    books.filter(number="CRN-2026-00001").update(total=Decimal("97.22"))
    assert ("no more is credited than was billed", "INV-2026-00001") not in found()


def test_an_inexact_cancellation_is_found(books):
    books.filter(number="CAN-2026-00001").update(total=Decimal("1.00"))
    assert ("a cancellation undoes a document exactly", "CAN-2026-00001") in found()


def test_a_cancelled_document_without_cancellation_is_found(books):
    books.filter(number="INV-2026-00001").update(cancelled_at=AT)
    assert found() == [("what is cancelled has its cancellation", "INV-2026-00001")]


def test_a_cancellation_of_what_still_stands_is_found(books):
    books.filter(number="INV-2026-00002").update(cancelled_at=None)
    assert found() == [("a cancellation undoes a document exactly", "CAN-2026-00001")]


def test_a_lost_file_is_found(books, private_folder):
    (private_folder / "invoices/2026/DN-2026-00001.pdf").unlink()
    assert found() == [("a printed document has its file", "DN-2026-00001")]


def test_a_changed_file_is_found(books, private_folder):
    (private_folder / "invoices/2026/DN-2026-00001.pdf").write_bytes(b"something else")
    assert found() == [("a printed document has its file", "DN-2026-00001")]


def test_what_nobody_will_print_is_found(books):
    waiting = issue_invoice(bill_of([Sold("Tea", 1, "5")], order_number="C"), at=AT)
    assert found() == []

    books.filter(pk=waiting.pk).update(attempts=8, last_error="OSError: disk full")
    assert found() == []  # staff see it

    books.filter(pk=waiting.pk).update(due_at=None)
    assert found() == [("an unprinted document is due or shown as failed", "INV-2026-00003")]


@pytest.mark.parametrize("number", ["INV-2026-00001", "CRN-2026-00001", "CAN-2026-00001"])
def test_a_document_that_nobody_was_sent_is_found(books, number):
    Message.objects.filter(key=f"invoice:{books.get(number=number).pk}").delete()
    assert found() == [("a printed document is mailed", number)]


def test_looking_over_takes_few_queries(books, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        list(breaches())
