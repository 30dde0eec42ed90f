"""Owing somebody a message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet

from .models import Message
from .plain import one_line, plain
from .tasks import deliver

SUBJECT_LENGTH = Message._meta.get_field("subject").max_length
AGAIN = ":again:"  # between the key of a message and the number of its repeat
ONE_WISH = timedelta(minutes=1)
REPEATED = ("kind", "recipient", "language", "context", "attachments", "subject", "text", "html")


class StillWaiting(Exception):
    """The message is on its way already."""


@dataclass(frozen=True)
class Attachment:
    """A file of the private storage and how the mail shows it."""

    path: str
    filename: str
    content_type: str = "application/pdf"


def write(
    key: str,
    kind: str,
    *,
    to: str,
    context: Mapping[str, Any],
    at: datetime,
    language: str = "en",
    attachments: Sequence[Attachment] = (),
) -> Message:
    """Note that a message is owed, in the caller's transaction. The same `key` owes nothing new.

    Of a key that was known already the answer has the id of that message, but not its words.
    `context` is plain JSON data: all that the mail says. The worker is woken after commit; if that
    fails the sweep finds the row.
    """
    message = Message(
        key=key,
        kind=kind,
        recipient=one_line(to),
        context=plain(dict(context)),
        language=language,
        attachments=[asdict(attachment) for attachment in attachments],
        created_at=at,
        due_at=at,
    )
    # One statement in place of a look, a savepoint and an insert. What is there stays as it is.
    Message.objects.bulk_create(
        [message], update_conflicts=True, unique_fields=["key"], update_fields=["key"]
    )
    deliver.wake(message.pk)
    return message


def owe_as_written(mail: EmailMessage, *, at: datetime) -> None:
    """Note that a mail which somebody else wrote, with words and all, is owed to its recipients."""
    html = next((str(words) for words, kind in _alternatives(mail) if kind == "text/html"), "")
    for recipient in mail.recipients():
        message = Message.objects.create(
            key=f"notice:{uuid4()}",
            kind="notice",
            recipient=one_line(recipient),
            subject=one_line(str(mail.subject))[:SUBJECT_LENGTH] or "–",
            text=str(mail.body),
            html=html,
            created_at=at,
            due_at=at,
        )
        deliver.wake(message.pk)


def _alternatives(mail: EmailMessage) -> Iterable[tuple[Any, str]]:
    return getattr(mail, "alternatives", ())


def about(cause: str) -> QuerySet[Message]:
    """Messages of one cause: `cause` itself and what was written later as `cause:…`."""
    written = Message.objects.filter(Q(key=cause) | Q(key__startswith=f"{cause}:"))
    return written.order_by("created_at", "pk")


@transaction.atomic
def send_again(message: Message, *, at: datetime) -> Message:
    """Owe the same words to the same recipient once more. A new message: the old one is a record.

    Asked twice within a minute, or while a repeat is yet to be sent, it is one wish.
    Raises StillWaiting for a message that is yet to be sent.
    """
    if message.state == Message.State.DUE:
        raise StillWaiting
    # It is about the same thing, so its key begins like the first one's.
    first = message.key.partition(AGAIN)[0]
    repeats = Message.objects.filter(key__startswith=first + AGAIN)
    under_way = repeats.filter(Q(state=Message.State.DUE) | Q(created_at__gt=at - ONE_WISH))
    if waiting := under_way.exclude(pk=message.pk).order_by("-pk").first():
        return waiting
    same = {name: getattr(message, name) for name in REPEATED}
    again, written = Message.objects.get_or_create(
        key=f"{first}{AGAIN}{repeats.count() + 1}",
        defaults={**same, "created_at": at, "due_at": at},
    )
    if written:
        deliver.wake(again.pk)
    return again
