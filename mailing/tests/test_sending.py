import logging
import smtplib
import socket
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from mailing import outbox, sending
from mailing.models import Message
from mailing.tasks import sweep
from mailing.tests.factories import AT, CONTEXTS, MessageFactory

DUE, SENT, FAILED = Message.State.DUE, Message.State.SENT, Message.State.FAILED

pytestmark = pytest.mark.django_db


@pytest.fixture
def private_files(monkeypatch, tmp_path):
    monkeypatch.setattr(storages["private"], "location", str(tmp_path))
    return storages["private"]


def send(message, at=AT):
    sending.send_if_due(message.pk, at=at)
    message.refresh_from_db()


def test_a_message_arrives_with_its_words_and_its_attachment(post_office, private_files, run_tasks):
    private_files.save("invoices/2026/INV-2026-00042.pdf", ContentFile(b"%PDF-1.7 ..."))
    message = outbox.write(
        "invoice:42",
        "payment_received",
        to="ada@example.com",
        context=CONTEXTS["payment_received"],
        attachments=[outbox.Attachment("invoices/2026/INV-2026-00042.pdf", "INV-2026-00042.pdf")],
        at=AT,
    )

    assert run_tasks() == ["mailing.tasks.deliver"]

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (SENT, 1, "")
    mail = post_office.arrived[0]
    assert mail["To"] == "ada@example.com"
    assert mail["From"] == "Still Leaf <shop@still-leaf.example>"
    assert mail["Reply-To"] == "hello@still-leaf.example"
    assert mail["Subject"] == message.subject == "Paid, thank you: your order 7K3Q-9XMF"
    text, html, file = [part for part in mail.walk() if not part.is_multipart()]
    assert "INV-2026-00042 is attached" in text.get_payload(decode=True).decode()
    assert "Your payment has arrived" in html.get_payload(decode=True).decode()
    assert file.get_filename() == "INV-2026-00042.pdf"
    assert file.get_content_type() == "application/pdf"
    assert file.get_payload(decode=True) == b"%PDF-1.7 ..."


def test_a_sent_message_is_never_sent_again(post_office):
    message = MessageFactory()
    for day in range(5):
        send(message, at=AT + timedelta(days=day))
    sweep()

    assert len(post_office.arrived) == 1
    assert message.sent_at == AT


def test_a_message_waits_for_its_time(post_office):
    message = MessageFactory(due_at=AT + timedelta(hours=1))
    send(message)
    assert (post_office.arrived, message.attempts) == ([], 0)


def test_a_message_that_is_gone_is_no_fault(post_office):
    sending.send_if_due(987654, at=AT)
    assert post_office.arrived == []


@pytest.mark.parametrize("reply", ["to_recipient", "to_content"])
def test_a_server_that_is_busy_is_tried_again_later(post_office, reply):
    setattr(post_office, reply, "451 4.7.1 Please come back later")
    message = MessageFactory()

    send(message)
    assert (message.state, message.attempts, message.leased_until) == (DUE, 1, None)
    assert message.due_at == AT + timedelta(seconds=20)
    assert "come back later" in message.last_error

    setattr(post_office, reply, "250 OK")
    send(message, at=message.due_at)
    assert (message.state, message.attempts, len(post_office.arrived)) == (SENT, 2, 1)


@pytest.mark.parametrize("reply", ["to_recipient", "to_content"])
def test_a_refusal_for_good_is_shown_to_staff_at_once(post_office, reply):
    setattr(post_office, reply, "550 5.1.1 No such user here")
    message = MessageFactory()

    send(message)

    assert (message.state, message.attempts, post_office.arrived) == (FAILED, 1, [])
    assert "No such user" in message.last_error


def test_a_server_that_refuses_our_login_does_not_lose_the_message(post_office, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "shop", "wrong"
    message = MessageFactory()
    send(message)
    assert message.state == DUE


def test_only_refusals_of_the_message_itself_are_final():
    assert sending.is_final(smtplib.SMTPDataError(554, b"spam"))
    assert sending.is_final(smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"unknown")}))
    assert not sending.is_final(smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"greylisted")}))
    assert not sending.is_final(smtplib.SMTPAuthenticationError(535, b"login"))
    assert not sending.is_final(smtplib.SMTPConnectError(554, b"blocked"))


def test_nobody_listening_is_tried_again_later(post_office, settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]
        message = MessageFactory()
        send(message)
    assert (message.state, message.attempts) == (DUE, 1)
    assert "ConnectionRefusedError" in message.last_error


def test_a_connection_lost_after_the_content_repeats_the_same_mail(post_office):
    post_office.drops_after_data = True
    message = MessageFactory()
    send(message)
    assert message.state == DUE

    post_office.drops_after_data = False
    message.context["name"] = "Somebody else"
    message.save(update_fields=["context"])
    send(message, at=message.due_at)

    first, second = post_office.arrived
    assert message.state == SENT
    assert first["Message-ID"] == second["Message-ID"] == sending.message_id_of(message)
    assert first["Message-ID"].endswith("@still-leaf.example>")
    assert _text(first) == _text(second)
    assert "Ada Lovelace" in _text(second)


def test_two_messages_never_share_a_message_id():
    first, second = MessageFactory(), MessageFactory()
    assert sending.message_id_of(first) != sending.message_id_of(second)


def test_after_eight_attempts_a_message_is_shown_to_staff(post_office):
    post_office.to_content = "452 4.3.1 Out of storage"
    message, at = MessageFactory(), AT

    pauses = []
    while message.state == DUE:
        send(message, at=at)
        pauses.append((message.due_at - at).total_seconds())
        at = message.due_at

    assert (message.state, message.attempts) == (FAILED, 8)
    assert pauses[:7] == [20, 80, 320, 1280, 5120, 20480, 81920]


def test_a_worker_that_died_is_followed_by_another_when_its_lease_has_run_out(post_office):
    message = MessageFactory(attempts=1, leased_until=AT + sending.LEASE)
    send(message, at=AT + timedelta(seconds=29))
    assert post_office.arrived == []

    send(message, at=AT + timedelta(seconds=30))
    assert (message.state, len(post_office.arrived)) == (SENT, 1)


def test_a_message_that_kills_every_worker_is_shown_to_staff(post_office, run_tasks):
    message = MessageFactory(attempts=8, leased_until=AT)

    sweep()

    message.refresh_from_db()
    assert (message.state, run_tasks(), post_office.arrived) == (FAILED, [], [])


def test_there_is_no_ninth_attempt(post_office):
    message = MessageFactory(attempts=8)
    send(message)
    assert (message.attempts, post_office.arrived) == (8, [])


def test_a_missing_attachment_is_not_left_out_silently(post_office, private_files):
    message = MessageFactory(
        attachments=[{"path": "no.pdf", "filename": "no.pdf", "content_type": "application/pdf"}]
    )
    send(message)
    assert (message.state, post_office.arrived) == (DUE, [])
    assert "FileNotFoundError" in message.last_error


def test_an_attachment_is_read_from_the_private_storage_only(post_office, private_files):
    message = MessageFactory(
        attachments=[{"path": "../../../etc/passwd", "filename": "a", "content_type": "text/plain"}]
    )
    send(message)
    assert (message.state, post_office.arrived) == (DUE, [])
    assert "SuspiciousFileOperation" in message.last_error


@pytest.mark.parametrize(
    "recipient", ["a@example.com, b@example.com", "not an address", "a@example.com\nBcc: b@x.de"]
)
def test_a_recipient_that_is_no_address_is_shown_to_staff(post_office, recipient):
    message = MessageFactory(recipient=recipient)
    send(message)
    assert (message.state, post_office.arrived) == (FAILED, [])


def test_line_ends_in_a_name_reach_no_header(post_office, private_files):
    private_files.save("a.pdf", ContentFile(b"%PDF"))
    context = {**CONTEXTS["payment_received"], "order_number": "7K\r\nBcc: eve@example.com\x07"}
    file = {"path": "a.pdf", "filename": "a\r\nX-Evil: 1.pdf", "content_type": "application/pdf"}
    message = MessageFactory(context=context, attachments=[file])

    send(message)

    mail = post_office.arrived[0]
    assert mail["Subject"] == "Paid, thank you: your order 7K Bcc: eve@example.com"
    assert mail["Bcc"] is None
    assert all(part["X-Evil"] is None for part in mail.walk())


def test_neither_log_nor_task_tells_who_was_written_to(post_office, caplog):
    caplog.set_level(logging.DEBUG)
    post_office.to_recipient = "550 5.1.1 <ada@example.com> unknown"
    send(MessageFactory())
    assert "Message" in caplog.text
    assert "ada@example.com" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith("mailing")
    )


def test_the_sweep_wakes_what_is_due_and_nothing_else(post_office, run_tasks):
    due = MessageFactory()
    MessageFactory(due_at=AT + timedelta(days=36500))
    MessageFactory(leased_until=AT + timedelta(days=36500))
    MessageFactory(state=FAILED)
    MessageFactory(state=SENT)

    sweep()

    assert run_tasks() == ["mailing.tasks.deliver"]
    due.refresh_from_db()
    assert (due.state, len(post_office.arrived)) == (SENT, 1)


@pytest.mark.django_db(transaction=True)
def test_workers_in_parallel_send_a_message_once(post_office):
    messages = [MessageFactory() for _ in range(5)]
    start, errors = Barrier(8), []

    def work():
        try:
            start.wait()
            for message in messages:
                sending.send_if_due(message.pk, at=AT)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert errors == []
    assert len(post_office.arrived) == 5
    assert len({mail["Message-ID"] for mail in post_office.arrived}) == 5
    assert set(Message.objects.values_list("state", "attempts")) == {(SENT, 1)}


def _text(mail):
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return part.get_payload(decode=True).decode()
