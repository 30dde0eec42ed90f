from datetime import timedelta

import pytest
from django.db import transaction

from mailing import outbox
from mailing.models import Message
from mailing.tests.factories import AT, CONTEXTS, MessageFactory

pytestmark = pytest.mark.django_db


def write(**changes):
    usual = {"to": "ada@example.com", "context": CONTEXTS["order_received"], "at": AT}
    return outbox.write("order:1:received", "order_received", **{**usual, **changes})


def test_the_same_key_owes_one_message(run_tasks, mailoutbox):
    first = write()
    assert write(to="eve@example.com") == first

    assert set(run_tasks()) == {"mailing.tasks.deliver"}
    assert [mail.to for mail in mailoutbox] == [["ada@example.com"]]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_owes_nothing(run_tasks, mailoutbox):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert run_tasks() == []
    assert (Message.objects.count(), mailoutbox) == (0, [])


def test_a_name_the_database_cannot_store_is_cleaned():
    message = write(context={"name": "Ad\0a\ud800", "lines": [{"name": "T\0ea"}]})
    message.refresh_from_db()
    assert message.context == {"name": "Ada", "lines": [{"name": "Tea"}]}


def test_a_repeat_is_a_new_message_with_the_same_words(run_tasks, mailoutbox):
    first = write()
    run_tasks()
    first.refresh_from_db()

    again = outbox.send_again(first, at=AT)
    assert outbox.send_again(first, at=AT) == again
    run_tasks()

    again.refresh_from_db()
    assert again in outbox.about(first.key)
    assert (again.subject, again.text, again.html) == (first.subject, first.text, first.html)
    assert again.state == Message.State.SENT
    one, two = mailoutbox
    assert one.body == two.body
    assert one.extra_headers["Message-ID"] != two.extra_headers["Message-ID"]
    first.refresh_from_db()
    assert first.attempts == 1


def test_a_message_is_repeated_as_often_as_staff_want_it(run_tasks, mailoutbox):
    first = write()
    run_tasks()
    first.refresh_from_db()

    repeats = [outbox.send_again(first, at=AT + timedelta(days=day)) for day in (1, 1, 2)]
    run_tasks()
    outbox.send_again(Message.objects.get(pk=repeats[0].pk), at=AT + timedelta(days=3))
    run_tasks()

    assert len(set(repeats)) == 1  # the first was still to be sent
    assert len(mailoutbox) == 3
    assert outbox.about(first.key).count() == 3


def test_a_message_on_its_way_is_not_repeated():
    with pytest.raises(outbox.StillWaiting):
        outbox.send_again(MessageFactory(), at=AT)
    assert Message.objects.count() == 1
