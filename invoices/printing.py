"""From a written document to a stored PDF and a message that carries it."""

import logging
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Q, QuerySet

from . import letters
from .keeping import keep
from .models import Invoice

logger = logging.getLogger(__name__)

# Longer than the task's hard time limit, so that whoever held it is dead when it runs out.
LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=20)  # then four times as long each time


def due(at: datetime) -> QuerySet[Invoice]:
    """Invoices without a file, whose time has come, that no worker holds or has given up."""
    unheld = Q(leased_until=None) | Q(leased_until__lte=at)
    unprinted = Invoice.objects.filter(printed_at=None, attempts__lt=MOST_ATTEMPTS)
    return unprinted.filter(unheld, due_at__lte=at)


def print_if_due(invoice_id: int, *, at: datetime) -> None:
    """Print and mail one invoice, unless that is done, not due yet, or in another's hands.

    Killed anywhere in between, it is done again from the start: the same number, the same file
    name, one message.
    """
    invoice = _claim(invoice_id, at=at)
    if invoice is None:
        return
    try:
        content = _render(invoice)
        path = keep(f"invoices/{invoice.year}/{invoice.filename}", content)
        _hand_over(invoice, path, content, at=at)
    except Exception as error:
        _put_off(invoice, error, at=at)


def print_again(invoice: Invoice, *, at: datetime) -> None:
    """Give an invoice that could not be printed another eight attempts."""
    from .tasks import print_invoice  # tasks imports us

    given_up = Invoice.objects.filter(pk=invoice.pk, printed_at=None, attempts__gte=MOST_ATTEMPTS)
    if given_up.update(attempts=0, due_at=at, leased_until=None):
        print_invoice.wake(invoice.pk)


def _claim(invoice_id: int, *, at: datetime) -> Invoice | None:
    """Take the lease in one statement: of two workers one changes the row, the other none."""
    waiting = due(at).filter(pk=invoice_id)
    if not waiting.update(leased_until=at + LEASE, attempts=F("attempts") + 1):
        return None
    return Invoice.objects.get(pk=invoice_id)


def _render(invoice: Invoice) -> bytes:
    from . import pdf  # here: the web processes import this module and never print

    return pdf.render(invoice)


@transaction.atomic
def _hand_over(invoice: Invoice, path: str, content: bytes, *, at: datetime) -> None:
    """Set the file and owe its message: both or neither."""
    ours = Invoice.objects.filter(pk=invoice.pk, printed_at=None, leased_until=invoice.leased_until)
    if not ours.update(
        file=path,
        sha256=sha256(content).hexdigest(),
        printed_at=at,
        due_at=None,
        leased_until=None,
        last_error="",
    ):
        return  # the lease ran out while we worked; who took it over does the rest
    letters.owe(invoice, path, at=at)


def _put_off(invoice: Invoice, error: Exception, *, at: datetime) -> None:
    """Try again later. After the last attempt the staff's list shows it as failed."""
    # The error's text may name the buyer: it belongs on the row, not in the log.
    fault = type(error).__name__
    logger.error("Invoice %s was not printed: %s", invoice.number, fault)
    Invoice.objects.filter(pk=invoice.pk, leased_until=invoice.leased_until).update(
        leased_until=None,
        due_at=at + FIRST_PAUSE * 4 ** (invoice.attempts - 1),
        last_error=f"{fault}: {error}"[:500],
    )
