from datetime import timedelta

import pytest

from invoices import letters, printing
from invoices.issuing import cancel, issue_credit_note, issue_delivery_note, issue_invoice
from invoices.models import Invoice
from invoices.tests import factories
from invoices.tests.adding_up import Sold, bill_of, credit_of
from invoices.tests.factories import AT, bill
from mailing import outbox
from mailing.models import Message

pytestmark = pytest.mark.django_db

KYUSU = Sold("Kyusu", 1, "64.00")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Rendering that takes no time."""
    monkeypatch.setattr(printing, "_render", lambda document: b"%PDF " + document.number.encode())


@pytest.fixture
def invoice(run_tasks):
    factories.seller()
    invoice = issue_invoice(bill_of([KYUSU]), at=AT)
    return printed(invoice)


@pytest.fixture
def note(invoice):
    return printed(issue_credit_note(invoice, credit_of("refund:12", [KYUSU]), at=AT))


def printed(document):
    printing.print_if_due(document.pk, at=AT)
    return Invoice.objects.get(pk=document.pk)


def parts(mail):
    return [part.get_filename() for part in mail.walk() if part.get_filename()]


def test_a_refund_ends_with_its_credit_note_in_the_mail(note, post_office, run_tasks):
    run_tasks()

    mail = next(mail for mail in post_office.arrived if "money" in mail["Subject"])
    assert mail["Subject"] == "Your money is on its way back: order 7K3Q-9XMF"
    assert parts(mail) == ["CRN-2026-00001.pdf"]
    message = Message.objects.get(key=f"invoice:{note.pk}")
    assert message.kind == "refund_made"
    assert message.context["corrects"] == "INV-2026-00001"
    assert message.context["total"] == "€64.00"


def test_a_cancellation_is_mailed_and_says_what_of(note):
    undone = printed(cancel(note, key="undo", reason="The bank refused it", at=AT))

    message = Message.objects.get(key=f"invoice:{undone.pk}")
    assert (message.kind, message.context["corrects"]) == ("document_cancelled", "CRN-2026-00001")
    assert message.context["corrects_credit"] is True


def test_an_invoice_that_takes_anothers_place_says_so_and_thanks_for_no_payment(
    invoice, post_office, run_tasks
):
    cancel(invoice, key="undo", reason="Wrong name", at=AT)
    new = printed(issue_invoice(bill_of([KYUSU]), at=AT))

    run_tasks()

    message = Message.objects.get(key=f"invoice:{new.pk}")
    assert (message.kind, message.context["replaces"]) == ("invoice_corrected", "INV-2026-00001")
    mail = next(mail for mail in post_office.arrived if "corrected" in mail["Subject"])
    assert parts(mail) == ["INV-2026-00002.pdf"]
    assert Message.objects.get(key=f"invoice:{invoice.pk}").kind == "payment_received"


def test_a_delivery_note_is_printed_and_not_mailed():
    slip = printed(issue_delivery_note(bill(), key="shipment:1", at=AT))

    assert slip.file.name == "invoices/2026/DN-2026-00001.pdf"
    assert Message.objects.count() == 0
    with pytest.raises(letters.NotSendable):
        letters.send_again(slip, at=AT)


def test_the_same_file_is_sent_again_as_often_as_staff_ask(invoice, post_office, run_tasks):
    run_tasks()
    for hour in (1, 2):
        letters.send_again(invoice, at=AT + timedelta(hours=hour))
        run_tasks()

    assert [parts(mail) for mail in post_office.arrived] == [["INV-2026-00001.pdf"]] * 3
    assert [message.key for message in letters.messages_of(invoice)] == [
        f"invoice:{invoice.pk}", f"invoice:{invoice.pk}:2", f"invoice:{invoice.pk}:3",
    ]  # fmt: skip
    assert len({mail["Message-ID"] for mail in post_office.arrived}) == 3


def test_while_a_mail_waits_no_second_one_is_owed(invoice):
    with pytest.raises(outbox.StillWaiting):
        letters.send_again(invoice, at=AT)
    assert Message.objects.count() == 1


def test_what_is_not_printed_cannot_be_sent():
    factories.seller()
    invoice = issue_invoice(bill_of([KYUSU]), at=AT)
    with pytest.raises(letters.NotSendable):
        letters.send_again(invoice, at=AT)


def test_the_mails_of_one_document_are_not_those_of_another(invoice):
    Message.objects.filter(key=f"invoice:{invoice.pk}").update(key=f"invoice:{invoice.pk}7")
    assert list(letters.messages_of(invoice)) == []
