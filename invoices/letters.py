"""The mails that carry documents. A delivery note travels with its parcel: it has none."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from mailing import outbox
from mailing.models import Message

from .models import Invoice
from .wording import money

KINDS = {
    Invoice.Kind.INVOICE: "payment_received",
    Invoice.Kind.CREDIT_NOTE: "refund_made",
    Invoice.Kind.CANCELLATION: "document_cancelled",
}


# Of an invoice that takes the place of another: nobody has just paid.
CORRECTED = "invoice_corrected"


class NotSendable(Exception):
    """A document that is not printed yet, or that nobody is sent."""


def owe(document: Invoice, path: str, *, at: datetime) -> None:
    """Note that the buyer is owed the document that lies at `path`. Asked again, it is one mail."""
    if document.kind in KINDS:
        _write(f"invoice:{document.pk}", document, path, at)


def is_sendable(document: Invoice) -> bool:
    """Is there a file, and somebody to send it to?"""
    return document.kind in KINDS and document.printed_at is not None


def send_again(document: Invoice, *, at: datetime) -> Message:
    """Owe the buyer the same file once more. However often it is asked, one mail is on its way.

    Raises NotSendable, or outbox.StillWaiting while an earlier one is yet to be sent.
    """
    if not is_sendable(document):
        raise NotSendable
    sent = list(messages_of(document))
    if any(message.state == Message.State.DUE for message in sent):
        raise outbox.StillWaiting
    # Two clicks at once count the same: they write one row.
    return _write(f"invoice:{document.pk}:{len(sent) + 1}", document, str(document.file), at)


def messages_of(document: Invoice) -> QuerySet[Message]:
    """What was written to the buyer with this document, in the order it was written."""
    return outbox.about(f"invoice:{document.pk}")


def _write(key: str, document: Invoice, path: str, at: datetime) -> Message:
    replaced = _replaced(document)
    return outbox.write(
        key,
        CORRECTED if replaced else KINDS[Invoice.Kind(document.kind)],
        to=document.recipient,
        context=_context(document) | ({"replaces": replaced.number} if replaced else {}),
        language=document.language,
        attachments=[outbox.Attachment(path, document.filename)],
        at=at,
    )


def _replaced(document: Invoice) -> Invoice | None:
    """The invoice whose place this one takes: the order's last one before it."""
    if document.kind != Invoice.Kind.INVOICE:
        return None
    invoices = Invoice.objects.filter(order_number=document.order_number, kind=document.kind)
    return invoices.filter(pk__lt=document.pk).order_by("-pk").first()


def _context(document: Invoice) -> dict[str, Any]:
    return {
        "shop": document.seller,
        "name": document.billed_to.get("name", ""),
        "order_number": document.order_number,
        "order_url": document.order_url,
        "collected": bool(document.delivered_to.get("collected")),
        "invoice_number": document.number,
        "total": money(document.total, document.currency, document.language),
        "nothing_to_pay": not document.total,
        "how": document.payment,
        **_about_the_correction(document),
    }


def _about_the_correction(document: Invoice) -> dict[str, Any]:
    original = document.corrects
    if original is None:
        return {}
    return {
        "corrects": original.number,
        "corrects_credit": original.kind == Invoice.Kind.CREDIT_NOTE,
        "reason": document.reason,
    }
