"""Documents and mails of the past, done here so that they bear the day of their order."""

from datetime import datetime

from invoices import printing
from mailing import sending


def post(at: datetime) -> None:
    """Print and mail whatever is due by then; the worker would do it today."""
    for document in printing.due(at):
        printing.print_if_due(document.pk, at=at)
    for message in sending.due(at):
        sending.send_if_due(message.pk, at=at)
