"""What the worker does about messages. Arguments are ids: no personal data passes the broker."""

from celery import shared_task
from django.utils import timezone

from . import sending

BATCH = 200


# Shorter than the lease: a worker that is still alive has let go of the message by then.
@shared_task(max_retries=2, soft_time_limit=20, time_limit=25)
def deliver(message_id: int) -> None:
    """Send one message if it is due and nobody else is sending it."""
    sending.send_if_due(message_id, at=timezone.now())


@shared_task
def sweep() -> None:
    """Wake whatever is due: messages nobody was woken for, and those to be tried again."""
    at = timezone.now()
    sending.give_up_on_hopeless(at)
    for message_id in sending.due(at).order_by("due_at").values_list("pk", flat=True)[:BATCH]:
        deliver.delay(message_id)
