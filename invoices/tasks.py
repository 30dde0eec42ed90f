"""What the worker does about invoices. Arguments are ids: no personal data passes the broker."""

from celery import shared_task
from django.utils import timezone

from . import printing

BATCH = 200


# Shorter than the lease: a worker that is still alive has let go of the invoice by then.
@shared_task(max_retries=2, soft_time_limit=20, time_limit=25)
def print_invoice(invoice_id: int) -> None:
    """Print one invoice and mail it, if that is due and nobody else is at it."""
    printing.print_if_due(invoice_id, at=timezone.now())


@shared_task
def sweep() -> None:
    """Wake whatever is due: invoices nobody was woken for, and those to be tried again."""
    waiting = printing.due(timezone.now()).order_by("due_at")
    for invoice_id in waiting.values_list("pk", flat=True)[:BATCH]:
        print_invoice.delay(invoice_id)
