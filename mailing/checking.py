"""Every message owed was sent once, or waits, or is shown to staff as failed."""

from collections.abc import Iterator

from django.db.models import Q

from .breaches import Breach
from .models import Message
from .sending import MOST_ATTEMPTS

State = Message.State
CHUNK = 500

# What the columns of each state must say; anything else is neither sent, nor waiting, nor failed.
CONSISTENT = (
    Q(state=State.DUE, sent_at=None, due_at__isnull=False)
    | Q(state=State.SENT, sent_at__isnull=False, due_at=None, leased_until=None, attempts__gte=1)
    & ~Q(subject="")
    | Q(state=State.FAILED, sent_at=None, leased_until=None) & ~Q(last_error="")
)


def breaches() -> Iterator[Breach]:
    """What does not hold of the messages, in one query for each promise."""
    yield from _states()
    yield from _attempts()


def _states() -> Iterator[Breach]:
    for message in Message.objects.exclude(CONSISTENT).order_by("pk").iterator(CHUNK):
        yield Breach(
            "a message is sent, waiting or failed",
            f"message {message.pk}",
            f"{message.state}, sent {message.sent_at}, due {message.due_at}, "
            f"leased until {message.leased_until}, {message.attempts} attempts",
        )


def _attempts() -> Iterator[Breach]:
    """One more attempt than allowed is a worker that died before it could give up."""
    endless = Message.objects.filter(attempts__gt=MOST_ATTEMPTS).order_by("pk")
    for message in endless.iterator(CHUNK):
        yield Breach(
            "a message is tried a bounded number of times",
            f"message {message.pk}",
            f"{message.attempts} attempts",
        )
