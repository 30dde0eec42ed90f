"""Documents that take back what another one says: credit notes and cancellations.

What is corrected is locked first, the counter last, in the caller's transaction.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum

from .bills import BilledLine, Credit, TaxShare
from .models import Invoice, InvoiceLine
from .numbering import locked_counter
from .writing import write

Kind = Invoice.Kind

# What a correction says as its original does.
SAME_IN_EVERY_CORRECTION = (
    "order_number", "ordered_at", "paid_at", "language", "currency", "prices_include_tax",
    "billed_to", "delivered_to", "discount_label", "shipping_method", "recipient", "order_url",
)  # fmt: skip
SAME_IN_A_CANCELLATION = (
    "subtotal", "discount", "shipping", "shipping_taxes", "taxes", "total",
)  # fmt: skip


class Refused(Exception):
    """A correction the books do not allow. The message says why."""


class TooMuchCredited(Refused):
    """More would be given back than the invoice still says."""


class NotCorrectable(Refused):
    """The document is of a kind, or in a state, that takes no such correction."""


@transaction.atomic
def issue_credit_note(invoice: Invoice, credit: Credit, *, at: datetime) -> Invoice:
    """Give back a part of an invoice, or all of it. Once for each `credit.key`.

    Raises TooMuchCredited, or NotCorrectable for what is no invoice or was cancelled.
    """
    invoice = _locked(invoice)
    counter = locked_counter(Kind.CREDIT_NOTE, at)
    # After the locks: whoever credited meanwhile has committed.
    if written := Invoice.objects.filter(key=credit.key).first():
        return written
    if invoice.kind != Kind.INVOICE or invoice.cancelled_at:
        raise NotCorrectable(f"{invoice.number} is not an invoice that stands")
    if credit.total > (left := invoice.total - credited(invoice)):
        raise TooMuchCredited(f"{credit.total} of {invoice.number}, of which {left} is left")
    lines = list(credit.lines) or _lines_of_an_amount(credit, gross=invoice.prices_include_tax)
    facts = _credited_facts(invoice, credit, lines)
    return write(counter, kind=Kind.CREDIT_NOTE, key=credit.key, facts=facts, lines=lines, at=at)


@transaction.atomic
def cancel(document: Invoice, *, key: str, reason: str, at: datetime) -> Invoice:
    """Undo an invoice or a credit note exactly. Once for each `key`.

    Raises NotCorrectable for other kinds, for what was cancelled with another key, and for an
    invoice with credit notes that stand: cancel those first.
    """
    document = _locked(document)
    counter = locked_counter(Kind.CANCELLATION, at)
    if written := Invoice.objects.filter(key=key).first():
        return written
    if document.kind not in (Kind.INVOICE, Kind.CREDIT_NOTE) or document.cancelled_at:
        raise NotCorrectable(f"{document.number} cannot be cancelled")
    if standing_credits(document).exists():
        raise NotCorrectable(f"{document.number} has credit notes")
    Invoice.objects.filter(pk=document.pk).update(cancelled_at=at)
    facts = {**_same(document, SAME_IN_A_CANCELLATION), **_correction(document, reason)}
    lines = [_again(line) for line in document.lines.all()]
    return write(counter, kind=Kind.CANCELLATION, key=key, facts=facts, lines=lines, at=at)


def standing_credits(invoice: Invoice) -> QuerySet[Invoice]:
    """The credit notes of an invoice that were not cancelled."""
    return Invoice.objects.filter(corrects=invoice, kind=Kind.CREDIT_NOTE, cancelled_at=None)


def credited(invoice: Invoice) -> Decimal:
    """How much of an invoice was given back, in its currency."""
    return standing_credits(invoice).aggregate(sum=Sum("total"))["sum"] or Decimal(0)


def _locked(document: Invoice) -> Invoice:
    # Two corrections of one document may take different counters: it is locked itself as well.
    return Invoice.objects.select_for_update().get(pk=document.pk)


def _credited_facts(invoice: Invoice, credit: Credit, lines: list[BilledLine]) -> dict[str, Any]:
    return {
        **_correction(invoice, credit.reason),
        "subtotal": sum((line.total for line in lines), Decimal(0)),
        "discount": sum((line.discount for line in lines), Decimal(0)),
        "shipping": credit.shipping,
        "shipping_taxes": [share.as_json() for share in credit.shipping_taxes],
        "taxes": [share.as_json() for share in credit.taxes],
        "total": credit.total,
        "payment": credit.payment,
    }


def _correction(document: Invoice, reason: str) -> dict[str, Any]:
    return {**_same(document, SAME_IN_EVERY_CORRECTION), "corrects": document, "reason": reason}


def _same(document: Invoice, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(document, name) for name in names}


def _again(line: InvoiceLine) -> BilledLine:
    names = BilledLine.__dataclass_fields__
    return BilledLine(**{name: getattr(line, name) for name in names})


def _lines_of_an_amount(credit: Credit, *, gross: bool) -> list[BilledLine]:
    """A line for what each rate gives back: no document is without lines."""
    shipping = {(share.rate, share.category): share for share in credit.shipping_taxes}
    lines = []
    for share in credit.taxes:
        sent = shipping.get((share.rate, share.category))
        goods_tax = share.tax - (sent.tax if sent else 0)
        amount = share.gross - (sent.gross if sent else 0) - (0 if gross else goods_tax)
        if amount or goods_tax:  # of a cent there may be nothing but tax
            lines.append(_line_of(credit.reason, amount, goods_tax, share))
    return lines


def _line_of(reason: str, amount: Decimal, tax: Decimal, share: TaxShare) -> BilledLine:
    return BilledLine(
        sku="",
        name=reason,
        quantity=1,
        unit_price=amount,
        tax_rate=share.rate,
        total=amount,
        tax=tax,
        tax_category=share.category,
    )
