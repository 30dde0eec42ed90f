import os
from datetime import timedelta
from hashlib import sha256

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from invoices import keeping, printing
from invoices.issuing import issue_invoice
from invoices.models import Invoice
from invoices.tasks import sweep
from invoices.tests import factories
from invoices.tests.factories import AT, bill
from mailing import outbox
from mailing.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(run_tasks):
    factories.seller()
    return issue_invoice(bill(), at=AT)


@pytest.fixture
def quick(monkeypatch):
    """Rendering that takes no time."""
    monkeypatch.setattr(printing, "_render", lambda invoice: b"%PDF " + invoice.number.encode())


def print_it(invoice, at=AT):
    printing.print_if_due(invoice.pk, at=at)
    invoice.refresh_from_db()


def test_a_sale_ends_with_the_invoice_in_the_mail(invoice, post_office, private_folder, run_tasks):
    assert run_tasks() == ["invoices.tasks.print_invoice", "mailing.tasks.deliver"]

    invoice.refresh_from_db()
    stored = (private_folder / "invoices/2026/INV-2026-00001.pdf").read_bytes()
    assert invoice.file.name == "invoices/2026/INV-2026-00001.pdf"
    assert invoice.sha256 == sha256(stored).hexdigest()
    assert (invoice.attempts, invoice.due_at, invoice.leased_until) == (1, None, None)
    [mail] = post_office.arrived
    assert mail["To"] == "ada@example.com"
    assert mail["Subject"] == "Paid, thank you: your order 7K3Q-9XMF"
    file = next(part for part in mail.walk() if part.get_content_type() == "application/pdf")
    assert file.get_filename() == "INV-2026-00001.pdf"
    assert file.get_payload(decode=True) == stored


def test_the_mail_says_what_was_paid(invoice, quick):
    print_it(invoice)
    message = Message.objects.get()
    assert (message.key, message.kind) == (f"invoice:{invoice.pk}", "payment_received")
    assert message.context["total"] == "€117.20"
    assert message.context["invoice_number"] == "INV-2026-00001"
    assert message.context["shop"]["email"] == "hello@still-leaf.example"


def test_an_invoice_is_printed_once(invoice, quick):
    for hour in range(4):
        print_it(invoice, at=AT + timedelta(hours=hour))
    sweep()
    assert (invoice.attempts, invoice.printed_at) == (1, AT)
    assert Message.objects.count() == 1


def test_two_workers_do_not_print_the_same_invoice(invoice, monkeypatch):
    rendered = []

    def render(mine):
        rendered.append(mine.pk)
        printing.print_if_due(mine.pk, at=AT)  # another worker, meanwhile
        return b"%PDF"

    monkeypatch.setattr(printing, "_render", render)
    print_it(invoice)
    assert (len(rendered), invoice.attempts, Message.objects.count()) == (1, 1, 1)


class Killed(BaseException):
    """What a kill does to a worker: no `except Exception` and no clean-up of ours runs."""


STEPS = [
    (printing, "_render"),
    (printing, "keep"),
    (keeping, "_sync_folder"),
    (printing, "_hand_over"),
    (outbox, "write"),
]


@pytest.mark.parametrize(("module", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_at_any_step_leaves_one_number_one_file_and_one_mail(
    invoice, quick, private_folder, monkeypatch, post_office, run_tasks, module, step, moment
):
    original = getattr(module, step)

    def killed(*args, **options):
        if moment == "after":
            original(*args, **options)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, step, killed)
        with pytest.raises(Killed):
            printing.print_if_due(invoice.pk, at=AT)
    monkeypatch.setattr("invoices.tasks.timezone.now", lambda: AT + printing.LEASE)
    monkeypatch.setattr("mailing.tasks.timezone.now", lambda: AT + timedelta(minutes=1))
    sweep()
    run_tasks()

    invoice.refresh_from_db()
    assert invoice.printed_at is not None
    assert os.listdir(private_folder / "invoices/2026") == ["INV-2026-00001.pdf"]
    assert Invoice.objects.count() == 1
    assert len(post_office.arrived) == 1


def test_before_the_lease_runs_out_nobody_takes_over(invoice, quick, monkeypatch):
    Invoice.objects.update(leased_until=AT + printing.LEASE, attempts=1)
    print_it(invoice, at=AT + timedelta(seconds=29))
    assert invoice.printed_at is None
    print_it(invoice, at=AT + timedelta(seconds=30))
    assert invoice.printed_at is not None


def test_a_worker_whose_lease_ran_out_hands_nothing_over(invoice, monkeypatch):
    def slowly(mine):
        Invoice.objects.update(leased_until=AT + timedelta(hours=1))  # another has it now
        return b"%PDF"

    monkeypatch.setattr(printing, "_render", slowly)
    print_it(invoice)
    assert (invoice.printed_at, Message.objects.count()) == (None, 0)


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), SoftTimeLimitExceeded()])
def test_a_fault_is_tried_again_eight_times_then_shown(invoice, monkeypatch, fault, run_tasks):
    def failing(mine):
        raise fault

    monkeypatch.setattr(printing, "_render", failing)
    run_tasks()
    invoice.refresh_from_db()
    assert invoice.attempts == 1
    assert type(fault).__name__ in invoice.last_error

    pauses = []
    while printing.due(invoice.due_at).exists():
        at = invoice.due_at
        print_it(invoice, at=at)
        pauses.append((invoice.due_at - at).total_seconds())

    assert invoice.attempts == 8
    assert pauses[:3] == [80, 320, 1280]
    assert (invoice.number, invoice.printed_at) == ("INV-2026-00001", None)
    monkeypatch.setattr("invoices.tasks.timezone.now", lambda: AT + timedelta(days=999))
    sweep()
    assert run_tasks() == []


def test_a_full_disk_leaves_no_half_a_file(invoice, quick, private_folder, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        print_it(invoice)
    assert os.listdir(private_folder / "invoices/2026") == []
    assert "No space left" in invoice.last_error

    print_it(invoice, at=invoice.due_at)
    assert invoice.number == "INV-2026-00001"
    assert os.listdir(private_folder / "invoices/2026") == ["INV-2026-00001.pdf"]


def test_a_buyer_named_by_a_fault_is_on_the_row_and_not_in_the_log(invoice, monkeypatch, caplog):
    def failing(mine):
        raise ValueError("Ada Lovelace")

    monkeypatch.setattr(printing, "_render", failing)
    print_it(invoice)

    assert "Ada Lovelace" in invoice.last_error
    assert "INV-2026-00001 was not printed: ValueError" in caplog.text
    assert "Ada" not in caplog.text


def test_staff_have_a_failed_invoice_printed_again(invoice, quick, run_tasks):
    Invoice.objects.update(attempts=8, due_at=AT + timedelta(days=1), last_error="…")
    run_tasks()

    printing.print_again(invoice, at=AT)
    assert run_tasks()[0] == "invoices.tasks.print_invoice"

    invoice.refresh_from_db()
    assert invoice.printed_at is not None


def test_what_is_printed_or_under_way_is_not_printed_again(invoice, quick, run_tasks):
    print_it(invoice)
    run_tasks()
    printing.print_again(invoice, at=AT)
    assert run_tasks() == []


def test_the_sweep_finds_an_invoice_nobody_was_woken_for(invoice, quick, run_tasks, monkeypatch):
    monkeypatch.setattr("invoices.tasks.timezone.now", lambda: AT)
    sweep()
    run_tasks()
    invoice.refresh_from_db()
    assert invoice.printed_at == AT


class ObjectStorage(Storage):
    """Files that have no path, as in a bucket."""

    def __init__(self):
        self.files = {}

    def _save(self, name, content):
        self.files[name] = content.read()
        return name

    def _open(self, name, mode="rb"):
        return ContentFile(self.files[name])

    def exists(self, name):
        return name in self.files

    def delete(self, name):
        self.files.pop(name, None)


def test_object_storage_keeps_one_file_under_one_name(monkeypatch):
    storage = ObjectStorage()
    monkeypatch.setattr(keeping, "private_storage", lambda: storage)
    for content in (b"first", b"second"):
        assert keeping.keep("invoices/2026/A.pdf", content) == "invoices/2026/A.pdf"
    with storage.open("invoices/2026/A.pdf") as file:
        assert file.read() == b"second"


def test_a_name_cannot_leave_the_private_folder():
    with pytest.raises(SuspiciousFileOperation):
        keeping.keep("../outside.pdf", b"")
