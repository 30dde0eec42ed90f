"""What must always hold between orders, payments, refunds, documents and stock.

One query a promise, read in chunks: the whole of a large shop can be checked while it sells.
"""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Round

from invoices.models import Invoice
from mailing.breaches import Breach
from products.models import StockItem

from .. import gateways
from ..gateways.protocol import GatewayRefused
from ..models import Dispute, Order, OrderEvent, OrderLine, PaymentAttempt, Refund

Kind, Status = OrderEvent.Kind, Order.Status
CHUNK = 1000
SOLD = (Status.PAID, Status.FULFILLED, Status.RETURNED)
# What moves an order, and where to. All other events tell of something else.
MOVES: dict[str, Order.Status] = {
    Kind.PLACED: Status.PLACED,
    Kind.PAID: Status.PAID,
    Kind.CANCELLED: Status.CANCELLED,
    Kind.EXPIRED: Status.EXPIRED,
    Kind.FULFILLED: Status.FULFILLED,
    Kind.RETURNED: Status.RETURNED,
}
MONEY: DecimalField = DecimalField(max_digits=14, decimal_places=3)


def breaches() -> Iterator[Breach]:
    """Everything of the checkout's that must not be so."""
    for check in (
        sold_orders_have_their_payment,
        sold_orders_charge_their_total,
        other_money_is_shown_to_staff,
        no_more_goes_back_than_came,
        totals_add_up,
        sold_orders_are_billed_their_total,
        timelines_replay,
        credit_notes_are_refunds,
        promises_are_unpaid_orders,
        open_disputes_hold_their_order,
    ):
        yield from check()


def sold_orders_have_their_payment() -> Iterator[Breach]:
    payment = PaymentAttempt.objects.filter(order=OuterRef("pk"), pays_order=True)
    unpaid = Order.objects.filter(~Exists(payment), status__in=SOLD, total__gt=0)
    for order in _each(unpaid.only("number", "status")):
        yield Breach("a sold order has its payment", order.number, f"{order.status} without one")
    unsold = PaymentAttempt.objects.filter(pays_order=True).exclude(order__status__in=SOLD)
    for attempt in _each(unsold.select_related("order")):
        order = attempt.order
        yield Breach("a payment sells its order", order.number, f"paid, and yet {order.status}")


def sold_orders_charge_their_total() -> Iterator[Breach]:
    paid = PaymentAttempt.objects.filter(pays_order=True).exclude(gateway="free")
    for attempt in _each(paid.select_related("order")):
        order = attempt.order
        taken = (attempt.captured_minor, attempt.captured_currency)
        if taken != (_minor(attempt), order.currency):
            yield Breach(
                "an order is charged its total",
                order.number,
                f"total {order.total} {order.currency}, taken {taken} (smallest unit)",
            )


def other_money_is_shown_to_staff() -> Iterator[Breach]:
    """Money that sold nothing is on its way back, or somebody is asked about it."""
    returned = _sums(Refund.objects.filter(state__in=Refund.COUNTED), "amount_minor", "attempt")
    answered = OrderEvent.objects.filter(order=OuterRef("order"), kind=Kind.REVIEWED)
    stray = PaymentAttempt.objects.filter(
        ~Exists(answered), pays_order=False, captured_minor__gt=0, order__hold=""
    )
    for attempt in _each(stray.annotate(back=returned).select_related("order")):
        if attempt.back < attempt.captured_minor:
            left = attempt.captured_minor - attempt.back
            yield Breach(
                "other money is shown to staff",
                attempt.order.number,
                f"{left} {attempt.captured_currency} (smallest unit) of {attempt}",
            )


def no_more_goes_back_than_came() -> Iterator[Breach]:
    returned = _sums(Refund.objects.filter(state__in=Refund.COUNTED), "amount_minor", "attempt")
    lost = Dispute.objects.filter(state=Dispute.State.LOST)
    attempts = PaymentAttempt.objects.filter(Exists(Refund.objects.filter(attempt=OuterRef("pk"))))
    attempts = attempts.annotate(back=returned, gone=_sums(lost, "amount_minor", "attempt"))
    too_much = attempts.filter(Q(captured_minor=None) | Q(back__gt=F("captured_minor") - F("gone")))
    for attempt in _each(too_much.select_related("order")):
        yield Breach(
            "no more goes back than came",
            attempt.order.number,
            f"captured {attempt.captured_minor}, back {attempt.back}, lost {attempt.gone}",
        )


def totals_add_up() -> Iterator[Breach]:
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    orders = Order.objects.annotate(
        goods=_sums(OrderLine.objects, "total", "order"),
        taken_off=_sums(OrderLine.objects, "discount", "order"),
        has_lines=Exists(lines),
    )
    without_tax = F("subtotal") - F("discount") + F("shipping")
    orders = orders.annotate(
        charged=_exact(
            Case(When(prices_include_tax=False, then=without_tax + F("tax")), default=without_tax)
        ),
    )
    wrong = orders.exclude(
        total=F("charged"), goods=F("subtotal"), taken_off=F("discount"), has_lines=True
    )
    for order in _each(wrong):
        yield Breach(
            "an order's total is the sum of its parts",
            order.number,
            f"lines {order.goods} − {order.taken_off}, goods {order.subtotal} − {order.discount}, "
            f"shipping {order.shipping}, VAT {order.tax}, total {order.total}",
        )


def sold_orders_are_billed_their_total() -> Iterator[Breach]:
    invoices = Invoice.objects.filter(
        order_number=OuterRef("number"), kind=Invoice.Kind.INVOICE, cancelled_at=None
    )
    sold = Order.objects.filter(status__in=SOLD)
    sold = sold.annotate(billed=Subquery(invoices.values("total")[:1], output_field=MONEY))
    for order in _each(sold.filter(Q(billed=None) | ~Q(billed=F("total")))):
        yield Breach(
            "a sold order is billed its total",
            order.number,
            f"total {order.total}, billed {order.billed}",
        )


def timelines_replay() -> Iterator[Breach]:
    """Only allowed moves, and they end where the order stands."""
    moves = OrderEvent.objects.filter(kind__in=MOVES).order_by("order_id", "pk")
    rows = moves.values_list("order__number", "order__status", "kind").iterator(chunk_size=CHUNK)
    for (number, status), events in groupby(rows, key=lambda row: (row[0], row[1])):
        story = [MOVES[kind] for _, _, kind in events]
        if not _leads_to(story, status):
            words = " → ".join(story)
            yield Breach("the timeline leads to the state", number, f"{words}, and yet {status}")
    begun = OrderEvent.objects.filter(order=OuterRef("pk"), kind=Kind.PLACED)
    for order in _each(Order.objects.filter(~Exists(begun)).only("number")):
        yield Breach("the timeline leads to the state", order.number, "it was never placed")


def _leads_to(story: list[Order.Status], status: str) -> bool:
    steps = pairwise(story)
    begins = story[0] == Status.PLACED
    return begins and story[-1] == status and all(to in Order.NEXT[was] for was, to in steps)


def credit_notes_are_refunds() -> Iterator[Breach]:
    notes = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE, cancelled_at=None)
    key: Any = Concat(Value("refund:"), Cast("pk", CharField()))
    note = notes.filter(key=OuterRef("note_key"))
    made = Refund.objects.filter(state=Refund.State.SUCCEEDED, attempt__pays_order=True)
    made = made.annotate(note_key=key)
    made = made.annotate(credited=Subquery(note.values("total")[:1], output_field=MONEY))
    wrong = made.filter(Q(credited=None) | ~Q(credited=F("amount")))
    for refund in _each(wrong.select_related("order")):
        yield Breach(
            "credit notes are refunds",
            refund.order.number,
            f"refund {refund.pk} of {refund.amount}, credited {refund.credited}",
        )
    all_made = Refund.objects.filter(state=Refund.State.SUCCEEDED).annotate(note_key=key)
    causeless = notes.exclude(Exists(all_made.filter(note_key=OuterRef("key"))))
    for document in _each(causeless):
        yield Breach(
            "credit notes are refunds", document.order_number, f"{document.number} without a refund"
        )


def promises_are_unpaid_orders() -> Iterator[Breach]:
    waiting = OrderLine.objects.filter(order__status=Status.PLACED)
    items = StockItem.objects.annotate(
        promised=Coalesce(Subquery(_summed(waiting, "quantity", variant=OuterRef("pk"))), 0)
    )
    for item in _each(items.exclude(reserved=F("promised")).select_related("variant")):
        yield Breach(
            "promised goods are those of unpaid orders",
            item.variant.sku,
            f"promised {item.reserved}, in unpaid orders {item.promised}",
        )


def open_disputes_hold_their_order() -> Iterator[Breach]:
    loose = Dispute.objects.filter(state__in=Dispute.OPEN).exclude(order__hold=Order.Hold.DISPUTED)
    for dispute in _each(loose.select_related("order")):
        yield Breach("an open dispute holds its order", dispute.order.number, dispute.reference)


def _minor(attempt: PaymentAttempt) -> int | None:
    try:
        gateway = gateways.get(attempt.gateway)
        return gateway.minor_units(attempt.order.total, attempt.order.currency)
    except (KeyError, GatewayRefused):
        return None


def _each(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.order_by("pk").iterator(chunk_size=CHUNK)


def _sums(rows: Any, field: str, parent: str) -> Any:
    """The sum of `field` over a row's children; 0 without any."""
    summed = Subquery(_summed(rows.all(), field, **{parent: OuterRef("pk")}))
    return _exact(Coalesce(summed, Value(0), output_field=MONEY))


def _exact(amount: Any) -> Any:
    """A computed amount as it would be stored: SQLite computes in binary fractions."""
    return Round(amount, precision=3, output_field=MONEY)


def _summed(rows: Any, field: str, **where: Any) -> Any:
    (parent,) = where
    mine = rows.filter(**where).order_by().values(parent)
    return mine.annotate(sum=Sum(field)).values("sum")
