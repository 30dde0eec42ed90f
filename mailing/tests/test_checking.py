import pytest

from mailing.checking import breaches
from mailing.tests.factories import AT, MessageFactory

pytestmark = pytest.mark.django_db

SENT = {"state": "sent", "sent_at": AT, "due_at": None, "attempts": 1, "subject": "Paid"}
FAILED = {"state": "failed", "attempts": 8, "last_error": "Mailbox unknown"}


def found():
    return [(breach.invariant, breach.subject) for breach in breaches()]


def test_messages_sent_waiting_and_failed_are_sound():
    MessageFactory()
    MessageFactory(leased_until=AT, attempts=3)
    MessageFactory(**SENT)
    MessageFactory(**FAILED)
    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        {"sent_at": AT},
        {"due_at": None},
        {"state": "lost"},
        {**SENT, "sent_at": None},
        {**SENT, "attempts": 0},
        {**SENT, "leased_until": AT},
        {**SENT, "subject": ""},
        {**FAILED, "last_error": ""},
        {**FAILED, "sent_at": AT},
        {**FAILED, "leased_until": AT},
    ],
)
def test_a_state_its_columns_contradict_is_found(change):
    message = MessageFactory(**change)
    assert found() == [("a message is sent, waiting or failed", f"message {message.pk}")]


def test_a_message_tried_without_end_is_found():
    message = MessageFactory(attempts=9)
    assert found() == [("a message is tried a bounded number of times", f"message {message.pk}")]
