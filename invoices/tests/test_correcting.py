from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Event

import pytest
from django.db import IntegrityError, connection, transaction

from invoices.correcting import NotCorrectable, Refused, TooMuchCredited, credited
from invoices.einvoice import einvoice_of
from invoices.issuing import (
    cancel,
    documents_of,
    invoice_of,
    issue_credit_note,
    issue_delivery_note,
    issue_invoice,
)
from invoices.models import Invoice
from invoices.printed import as_printed
from invoices.tests import factories
from invoices.tests.adding_up import Sold, bill_of, credit_of
from invoices.tests.factories import AT, bill

pytestmark = pytest.mark.django_db

KYUSU = Sold("Kyusu", 1, "64.00")
SENCHA = Sold("Sencha", 1, "14.90", "7")
NEW_YEAR = datetime(2027, 1, 2, tzinfo=UTC)


@pytest.fixture
def invoice():
    factories.seller()
    return issue_invoice(bill_of([KYUSU, SENCHA], shipping="4.90"), at=AT)  # 83.80


def credit(key="refund:1", *goods, **changes):
    return credit_of(key, goods or [SENCHA], **changes)


def test_a_credit_note_says_what_is_given_back_of_which_invoice(invoice):
    note = issue_credit_note(invoice, credit(), at=AT)

    assert (note.number, note.corrects, note.total) == (
        "CRN-2026-00001", invoice, Decimal("14.90"),
    )  # fmt: skip
    assert (note.order_number, note.recipient) == (invoice.order_number, invoice.recipient)
    assert note.reason == "Returned within the time allowed"
    assert [(line.name, line.tax) for line in note.lines.all()] == [("Sencha", Decimal("0.97"))]
    assert note.gives_back
    assert not invoice.gives_back


def test_one_refund_has_one_credit_note(invoice):
    first = issue_credit_note(invoice, credit(), at=AT)
    again = issue_credit_note(invoice, credit(), at=NEW_YEAR)

    assert again == first
    assert issue_credit_note(invoice, credit("refund:2"), at=AT).number == "CRN-2026-00002"


def test_no_more_is_credited_than_was_billed(invoice):
    issue_credit_note(invoice, credit("refund:1", KYUSU), at=AT)
    issue_credit_note(invoice, credit("refund:2", SENCHA, shipping="4.90"), at=AT)  # to the cent

    with pytest.raises(TooMuchCredited):
        issue_credit_note(invoice, credit("refund:3", Sold("Tea", 1, "0.01")), at=AT)

    assert credited(invoice) == Decimal("83.80")
    assert Invoice.objects.filter(kind="credit_note").count() == 2


def test_an_amount_is_credited_without_naming_goods(invoice):
    amount = credit("refund:1", Sold("Tea", 1, "10.00", "7"), Sold("Pot", 1, "5.00"), lines=())
    note = issue_credit_note(invoice, amount, at=AT)

    assert [(line.name, line.total, line.tax_rate) for line in note.lines.all()] == [
        ("Returned within the time allowed", Decimal("5.00"), Decimal("19.00")),
        ("Returned within the time allowed", Decimal("10.00"), Decimal("7.00")),
    ]
    assert note.total == Decimal("15.00")


def test_the_shipping_alone_is_credited_without_lines(invoice):
    [share] = credit("x", Sold("Tea", 1, "4.90")).taxes
    of_shipping = credit(
        "refund:1", lines=(), taxes=[share], shipping_taxes=[share], total=Decimal("4.90"),
        shipping=Decimal("4.90"),
    )  # fmt: skip
    note = issue_credit_note(invoice, of_shipping, at=AT)

    assert note.lines.count() == 0
    assert (note.subtotal, note.shipping, note.total) == (0, Decimal("4.90"), Decimal("4.90"))


def test_a_cancelled_credit_note_makes_room_for_another(invoice):
    note = issue_credit_note(invoice, credit("refund:1", KYUSU, SENCHA), at=AT)
    undone = cancel(note, key="refund:1:failed", reason="The bank refused it", at=AT)

    assert (undone.number, undone.corrects, undone.total) == (
        "CAN-2026-00001", note, Decimal("78.90"),
    )  # fmt: skip
    assert not undone.gives_back
    assert credited(invoice) == 0
    assert issue_credit_note(invoice, credit("refund:2", KYUSU), at=AT).number == "CRN-2026-00002"


def test_a_cancellation_says_exactly_what_it_undoes(invoice):
    undone = cancel(invoice, key="undo", reason="Wrong address", at=AT)

    for field in ("subtotal", "shipping", "taxes", "shipping_taxes", "total", "billed_to"):
        assert getattr(undone, field) == getattr(Invoice.objects.get(pk=invoice.pk), field)
    assert [(line.sku, line.total, line.tax) for line in undone.lines.all()] == [
        (line.sku, line.total, line.tax) for line in invoice.lines.all()
    ]
    assert undone.gives_back


def test_an_invoice_in_anothers_place_keeps_the_day_of_the_sale():
    factories.seller()
    first = issue_invoice(bill(paid_at=AT), at=AT)
    cancel(first, key="undo", reason="Wrong name", at=NEW_YEAR)

    new = issue_invoice(bill(paid_at=AT), at=NEW_YEAR)

    for invoice in (first, new):
        assert ("Payment received", "March 14, 2026") in as_printed(invoice)["facts"]
    assert einvoice_of(new).issued_on == date(2027, 1, 2)


def test_the_day_of_a_supply_between_states_is_the_sales_and_no_other_is_told():
    factories.seller()
    between = bill_of([Sold("Kyusu teapot", 1, "64.00", "0", category="K")], paid_at=AT)

    assert einvoice_of(issue_invoice(between, at=NEW_YEAR)).delivered_on == date(2026, 3, 14)
    assert einvoice_of(issue_invoice(bill("B", paid_at=AT), at=NEW_YEAR)).delivered_on is None


def test_a_cancellation_happens_once(invoice):
    first = cancel(invoice, key="undo", reason="Wrong address", at=AT)
    assert cancel(invoice, key="undo", reason="Wrong address", at=NEW_YEAR) == first

    with pytest.raises(NotCorrectable):
        cancel(invoice, key="undo again", reason="Wrong address", at=AT)
    assert Invoice.objects.filter(kind="cancellation").count() == 1


def test_an_order_whose_invoice_was_cancelled_is_billed_anew(invoice):
    cancel(invoice, key="undo", reason="Wrong address", at=AT)
    assert invoice_of(invoice.order_number) is None

    again = issue_invoice(bill_of([KYUSU]), at=AT)

    assert (again.number, again.key) == ("INV-2026-00002", "order:7K3Q-9XMF:2")
    assert invoice_of(invoice.order_number) == again
    assert issue_invoice(bill_of([KYUSU]), at=AT) == again


def test_an_invoice_with_credit_notes_is_not_cancelled(invoice):
    issue_credit_note(invoice, credit(), at=AT)

    with pytest.raises(NotCorrectable):
        cancel(invoice, key="undo", reason="Wrong address", at=AT)

    invoice.refresh_from_db()
    assert invoice.cancelled_at is None


def test_only_an_invoice_that_stands_is_credited(invoice):
    note = issue_credit_note(invoice, credit(), at=AT)
    undone = cancel(note, key="undo", reason="Refused", at=AT)
    slip = issue_delivery_note(bill(), key="shipment:1", at=AT)
    for document in (note, undone, slip):
        with pytest.raises(NotCorrectable):
            issue_credit_note(document, credit("refund:9"), at=AT)

    cancel(invoice, key="undo invoice", reason="Wrong address", at=AT)
    with pytest.raises(NotCorrectable):
        issue_credit_note(invoice, credit("refund:9"), at=AT)


def test_neither_delivery_notes_nor_cancellations_are_cancelled(invoice):
    slip = issue_delivery_note(bill(), key="shipment:1", at=AT)
    undone = cancel(invoice, key="undo", reason="Wrong address", at=AT)
    for document in (slip, undone):
        with pytest.raises(NotCorrectable):
            cancel(document, key="no", reason="No", at=AT)


def test_a_parcel_has_one_delivery_note():
    first = issue_delivery_note(bill(), key="shipment:1", at=AT)
    assert issue_delivery_note(bill(), key="shipment:1", at=NEW_YEAR) == first
    assert issue_delivery_note(bill(), key="shipment:2", at=AT).number == "DN-2026-00002"


def test_the_documents_of_an_order_come_in_the_order_they_were_written(invoice):
    issue_delivery_note(bill(), key="shipment:1", at=AT)
    note = issue_credit_note(invoice, credit(), at=AT)
    cancel(note, key="undo", reason="Refused", at=AT)
    issue_invoice(bill("OTHER"), at=AT)

    assert [document.number for document in documents_of("7K3Q-9XMF")] == [
        "INV-2026-00001", "DN-2026-00001", "CRN-2026-00001", "CAN-2026-00001",
    ]  # fmt: skip


def full(number, at):
    """A credit note over the whole invoice, or a cancellation: only one of them can be."""
    invoice = Invoice.objects.get(kind="invoice")
    return issue_credit_note(invoice, credit(f"refund:{number}", KYUSU), at=at)


def undo(number, at):
    invoice = Invoice.objects.get(kind="invoice")
    return cancel(invoice, key=f"undo:{number}", reason="No", at=at)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        # Of two years and of two series: other counters, so they do not wait for each other there.
        (lambda: full(1, AT), lambda: full(2, NEW_YEAR)),
        (lambda: full(1, AT), lambda: undo(2, AT)),
        (lambda: undo(1, AT), lambda: full(2, AT)),
    ],
    ids=["credited twice", "credited, then cancelled", "cancelled, then credited"],
)
def test_a_correction_waits_for_the_one_under_way_and_sees_it(first, second):
    factories.seller()
    issue_invoice(bill_of([KYUSU]), at=AT)
    finished = Event()

    def later():
        try:
            return second()
        except Refused as refused:
            return refused
        finally:
            finished.set()
            connection.close()

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        first()
        outcome = other.submit(later)
        waited = not finished.wait(0.5)  # ours is written and not committed

    assert waited
    assert isinstance(outcome.result(), Refused)
    assert Invoice.objects.exclude(corrects=None).count() == 1


REFUSED = {
    "one_invoice_per_order": {"key": "x", "sequence": 9, "number": "INV-2026-00009"},
    "a_number_is_given_once": {"key": "x", "order_number": "B", "number": "INV-9"},
    "a_correction_names_what_it_corrects": {
        "key": "x", "sequence": 9, "number": "CRN-9", "kind": "credit_note",
    },
    "a_document_has_no_negative_amounts": {
        "key": "x", "sequence": 9, "number": "INV-9", "order_number": "B", "total": -1,
    },
    "a_printed_document_has_its_file": {
        "key": "x", "sequence": 9, "number": "INV-9", "order_number": "B", "printed_at": AT,
    },
}  # fmt: skip


@pytest.mark.parametrize("constraint", REFUSED)
def test_the_table_refuses_what_the_books_do_not_allow(invoice, constraint):
    copy = Invoice.objects.get(pk=invoice.pk)
    copy.pk = None
    for name, value in REFUSED[constraint].items():
        setattr(copy, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_the_table_refuses_a_second_cancellation(invoice):
    undone = cancel(invoice, key="undo", reason="No", at=AT)
    undone.pk, undone.key, undone.sequence, undone.number = None, "x", 9, "CAN-9"
    with pytest.raises(IntegrityError), transaction.atomic():
        undone.save(force_insert=True)


def test_the_table_refuses_a_line_discounted_below_nothing(invoice):
    line = invoice.lines.first()
    line.discount = line.total + 1
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()
