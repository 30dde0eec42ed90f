"""The row of a new document, its lines, and the worker woken for it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import override

from .bills import BilledLine
from .models import Invoice, InvoiceLine, NumberSeries, Seller
from .numbering import next_number
from .tasks import print_invoice


def write(
    counter: NumberSeries,
    *,
    kind: Invoice.Kind,
    key: str,
    facts: Mapping[str, Any],
    lines: Iterable[BilledLine],
    at: datetime,
) -> Invoice:
    """A document with the counter's next number. `facts` are its other fields."""
    document = Invoice.objects.create(
        **facts,
        **next_number(counter),
        kind=kind,
        key=key,
        issued_at=at,
        due_at=at,
        seller=_seller(facts["language"]),
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=document, position=position, **asdict(line))
        for position, line in enumerate(lines, start=1)
    )
    print_invoice.wake(document.pk)
    return document


def _seller(language: str) -> dict[str, Any]:
    # Whoever bills, a worker or staff: the copy is in the buyer's language.
    with override(language):
        return Seller.load().as_printed()
