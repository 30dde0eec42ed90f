"""What must always hold of an order by itself, and of the goods it promises."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from django.db.models import Case, Exists, F, OuterRef, Subquery, When
from django.db.models.functions import Coalesce

from mailing.breaches import Breach
from products.models import StockItem

from ..models import Order, OrderEvent, OrderLine
from .sums import CHUNK, each, exact, summed, sums

Kind, Status = OrderEvent.Kind, Order.Status
# What moves an order, and where to. All other events tell of something else.
MOVES: dict[str, Order.Status] = {
    Kind.PLACED: Status.PLACED,
    Kind.PAID: Status.PAID,
    Kind.CANCELLED: Status.CANCELLED,
    Kind.EXPIRED: Status.EXPIRED,
    Kind.FULFILLED: Status.FULFILLED,
    Kind.RETURNED: Status.RETURNED,
}


def totals_add_up() -> Iterator[Breach]:
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    orders = Order.objects.annotate(
        goods=sums(OrderLine.objects, "total", "order"),
        taken_off=sums(OrderLine.objects, "discount", "order"),
        has_lines=Exists(lines),
    )
    without_tax = F("subtotal") - F("discount") + F("shipping")
    orders = orders.annotate(
        charged=exact(
            Case(When(prices_include_tax=False, then=without_tax + F("tax")), default=without_tax)
        ),
    )
    wrong = orders.exclude(
        total=F("charged"), goods=F("subtotal"), taken_off=F("discount"), has_lines=True
    )
    for order in each(wrong):
        yield Breach(
            "an order's total is the sum of its parts",
            order.number,
            f"lines {order.goods} − {order.taken_off}, goods {order.subtotal} − {order.discount}, "
            f"shipping {order.shipping}, VAT {order.tax}, total {order.total}",
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
    for order in each(Order.objects.filter(~Exists(begun)).only("number")):
        yield Breach("the timeline leads to the state", order.number, "it was never placed")


def _leads_to(story: list[Order.Status], status: str) -> bool:
    steps = pairwise(story)
    begins = story[0] == Status.PLACED
    return begins and story[-1] == status and all(to in Order.NEXT[was] for was, to in steps)


def promises_are_unpaid_orders() -> Iterator[Breach]:
    waiting = OrderLine.objects.filter(order__status=Status.PLACED)
    items = StockItem.objects.annotate(
        promised=Coalesce(Subquery(summed(waiting, "quantity", variant=OuterRef("pk"))), 0)
    )
    for item in each(items.exclude(reserved=F("promised")).select_related("variant")):
        yield Breach(
            "promised goods are those of unpaid orders",
            item.variant.sku,
            f"promised {item.reserved}, in unpaid orders {item.promised}",
        )
