"""Documents of a sale: its invoice, and the notes that lie in its parcels.

Each takes its number in the caller's transaction: if that fails, no number is lost. The counter
stays locked until then, so take every other lock first.
"""

from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from .bills import Bill, BilledLine, Credit, TaxShare
from .correcting import Refused, cancel, issue_credit_note
from .models import Invoice
from .numbering import locked_counter
from .writing import write

__all__ = [
    "Bill", "BilledLine", "Credit", "Refused", "TaxShare",
    "cancel", "documents_of", "invoice_of",
    "issue_credit_note", "issue_delivery_note", "issue_invoice",
]  # fmt: skip

Kind = Invoice.Kind

# Stored as JSON or as rows of their own; all other fields of a bill are columns of the document.
STRUCTURED = {"billed_to", "delivered_to", "lines", "taxes", "shipping_taxes"}


@transaction.atomic
def issue_invoice(bill: Bill, *, at: datetime) -> Invoice:
    """The invoice of an order. Asked again for the same order, it returns the one that order has.

    An order whose invoice was cancelled gets a new one.
    """
    counter = locked_counter(Kind.INVOICE, at)
    # After the lock: whoever billed the same order meanwhile has committed.
    if billed := invoice_of(bill.order_number):
        return billed
    key = _order_key(bill.order_number)
    return write(counter, kind=Kind.INVOICE, key=key, facts=_copy(bill), lines=bill.lines, at=at)


@transaction.atomic
def issue_delivery_note(bill: Bill, *, key: str, at: datetime) -> Invoice:
    """What lies in a parcel: no prices, and nobody is written to. Once for each `key`."""
    counter = locked_counter(Kind.DELIVERY_NOTE, at)
    if written := Invoice.objects.filter(key=key).first():
        return written
    facts, lines = _copy(bill), bill.lines
    return write(counter, kind=Kind.DELIVERY_NOTE, key=key, facts=facts, lines=lines, at=at)


def invoice_of(order_number: str) -> Invoice | None:
    """The invoice of an order, if it has one that stands. It may still be unprinted."""
    invoices = documents_of(order_number).filter(kind=Kind.INVOICE)
    return invoices.filter(cancelled_at=None).first()


def documents_of(order_number: str) -> QuerySet[Invoice]:
    """Everything written about an order, in the order it was written."""
    documents = Invoice.objects.filter(order_number=order_number)
    return documents.select_related("corrects").order_by("issued_at", "pk")


def _order_key(number: str) -> str:
    cancelled = documents_of(number).filter(kind=Kind.INVOICE).count()
    return f"order:{number}:{cancelled + 1}" if cancelled else f"order:{number}"


def _copy(bill: Bill) -> dict[str, Any]:
    plain = {item.name: getattr(bill, item.name) for item in fields(bill)}
    return {
        **{name: value for name, value in plain.items() if name not in STRUCTURED},
        "billed_to": dict(bill.billed_to),
        "delivered_to": dict(bill.delivered_to),
        "taxes": [share.as_json() for share in bill.taxes],
        "shipping_taxes": [share.as_json() for share in bill.shipping_taxes],
    }
