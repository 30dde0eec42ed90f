"""What must always hold between orders, refunds and their documents."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from invoices.models import Invoice
from mailing.breaches import Breach

from ..models import Order, Refund
from .paid_orders import SOLD
from .sums import MONEY, each


def sold_orders_are_billed_their_total() -> Iterator[Breach]:
    invoices = Invoice.objects.filter(
        order_number=OuterRef("number"), kind=Invoice.Kind.INVOICE, cancelled_at=None
    )
    sold = Order.objects.filter(status__in=SOLD)
    sold = sold.annotate(billed=Subquery(invoices.values("total")[:1], output_field=MONEY))
    for order in each(sold.filter(Q(billed=None) | ~Q(billed=F("total")))):
        yield Breach(
            "a sold order is billed its total",
            order.number,
            f"total {order.total}, billed {order.billed}",
        )


def only_sold_orders_are_billed() -> Iterator[Breach]:
    """VAT is owed on what stands, paid or not. What was cancelled is for `invoices` to see."""
    standing = Invoice.objects.filter(kind=Invoice.Kind.INVOICE, cancelled_at=None)
    its_order = Order.objects.filter(number=OuterRef("order_number"), status__in=SOLD)
    for invoice in each(standing.filter(~Exists(its_order)).only("number", "order_number")):
        yield Breach(
            "an invoice bills a sold order", invoice.number, f"order {invoice.order_number}"
        )


def credit_notes_are_refunds() -> Iterator[Breach]:
    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE, cancelled_at=None)
    key: Any = Concat(Value("refund:"), Cast("pk", CharField()))
    note = notes.filter(key=OuterRef("note_key"))
    made = Refund.objects.filter(state=Refund.State.SUCCEEDED, attempt__pays_order=True)
    made = made.annotate(note_key=key)
    made = made.annotate(credited=Subquery(note.values("total")[:1], output_field=MONEY))
    wrong = made.filter(Q(credited=None) | ~Q(credited=F("amount")))
    for refund in each(wrong.select_related("order")):
        yield Breach(
            "credit notes are refunds",
            refund.order.number,
            f"refund {refund.pk} of {refund.amount}, credited {refund.credited}",
        )
    all_made = Refund.objects.filter(state=Refund.State.SUCCEEDED).annotate(note_key=key)
    causeless = notes.exclude(Exists(all_made.filter(note_key=OuterRef("key"))))
    for document in each(causeless):
        yield Breach(
            "credit notes are refunds", document.order_number, f"{document.number} without a refund"
        )
