"""Writing an invoice: a gap-free number and a copy of what was sold."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from .models import Invoice, InvoiceLine, NumberSeries, Seller
from .tasks import print_invoice

SERIES = "INV"

# Stored as JSON or as rows of their own; all other fields of a Bill are columns of the invoice.
STRUCTURED = {"billed_to", "delivered_to", "lines", "taxes"}


@dataclass(frozen=True)
class BilledLine:
    """One line as it will be printed. Amounts gross, major units."""

    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    tax_rate: Decimal  # percent: 19.00
    total: Decimal


@dataclass(frozen=True)
class TaxShare:
    """What one VAT rate (percent) contributes to the total. net + tax = gross."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True)
class Bill:
    """All that an invoice prints about a sale. Amounts gross, major units of `currency`."""

    order_number: str
    currency: str
    billed_to: Mapping[str, Any]
    delivered_to: Mapping[str, Any]
    lines: Sequence[BilledLine]
    taxes: Sequence[TaxShare]
    subtotal: Decimal
    shipping: Decimal
    shipping_method: str
    total: Decimal
    payment: str
    recipient: str
    order_url: str
    discount: Decimal = Decimal(0)
    language: str = "en"


@transaction.atomic
def issue_invoice(bill: Bill, *, at: datetime) -> Invoice:
    """The invoice of an order. Asked again for the same order, it returns the one that order has.

    The number is taken in the caller's transaction: if that fails, no number is lost. The counter
    stays locked until then, so take every other lock first.
    """
    counter = _locked_counter(at)
    # After the lock: whoever billed the same order meanwhile has committed.
    if billed := invoice_of(bill.order_number):
        return billed
    counter.last += 1
    counter.save(update_fields=["last"])
    invoice = _copy(bill, counter, at=at)
    print_invoice.wake(invoice.pk)
    return invoice


def invoice_of(order_number: str) -> Invoice | None:
    """The invoice of an order, if it has one. It may still be unprinted."""
    return Invoice.objects.filter(order_number=order_number, kind=Invoice.Kind.INVOICE).first()


def _locked_counter(at: datetime) -> NumberSeries:
    # The shop's year, not the server's: a sale at midnight belongs to the shop's new year.
    year = timezone.localtime(at, timezone.get_default_timezone()).year
    counters = NumberSeries.objects.select_for_update()
    counter, _ = counters.get_or_create(series=SERIES, year=year)
    return counter


def _copy(bill: Bill, counter: NumberSeries, *, at: datetime) -> Invoice:
    plain = {item.name: getattr(bill, item.name) for item in fields(bill)}
    invoice = Invoice.objects.create(
        **{name: value for name, value in plain.items() if name not in STRUCTURED},
        series=counter.series,
        year=counter.year,
        sequence=counter.last,
        number=f"{counter.series}-{counter.year}-{counter.last:05d}",
        issued_at=at,
        due_at=at,
        seller=_seller(bill.language),
        billed_to=dict(bill.billed_to),
        delivered_to=dict(bill.delivered_to),
        taxes=[{name: str(value) for name, value in asdict(share).items()} for share in bill.taxes],
    )
    InvoiceLine.objects.bulk_create(
        InvoiceLine(invoice=invoice, position=position, **asdict(line))
        for position, line in enumerate(bill.lines, start=1)
    )
    return invoice


def _seller(language: str) -> dict[str, Any]:
    # Whoever bills, a worker or staff: the copy is in the buyer's language.
    with override(language):
        return Seller.load().as_printed()
