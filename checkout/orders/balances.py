"""What is left of a payment, and of the goods it was for."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, Sum

from products.models import StockMovement

from ..models import Dispute, Order, PaymentAttempt, Refund, RefundLine


@dataclass(frozen=True)
class Balance:
    """A payment's money in the smallest unit of its currency."""

    captured: int
    returned: int  # given back, or on its way
    disputed: int  # taken by the buyer's bank, for good or until it has decided

    @property
    def left(self) -> int:
        """What may still be given back."""
        return max(self.captured - self.returned - self.disputed, 0)

    @property
    def gone_twice(self) -> int:
        """What was given back, and taken by a bank that did not know or did not care."""
        # A bank may take a little more than was paid, when currencies move: that is lost once.
        return max(min(self.returned, self.returned + self.disputed - self.captured), 0)


def balance_of(attempt: PaymentAttempt) -> Balance:
    """Exact only while the caller holds the attempt's lock."""
    refunds = Refund.objects.filter(attempt=attempt, state__in=Refund.COUNTED)
    # An inquiry is open, but the bank only asks: the money is here, and may go back to end it.
    taken = Q(state__in=Dispute.OPEN, funds_withdrawn=True) | Q(state=Dispute.State.LOST)
    disputes = Dispute.objects.filter(taken, attempt=attempt)
    return Balance(
        captured=attempt.captured_minor or 0,
        returned=refunds.aggregate(sum=Sum("amount_minor"))["sum"] or 0,
        disputed=disputes.aggregate(sum=Sum("amount_minor"))["sum"] or 0,
    )


def everything_is_back(order: Order) -> bool:
    """Has the buyer no piece of the order, or will get none? Exact under the order's lock."""
    return sum(gone(order).values()) == sum(order.quantities().values())


def gone(order: Order) -> dict[int, int]:
    """How many pieces of each line, by its id, the buyer does not have any more or will not get.

    Also those that lie on the shelf after their money was refused: they are for sale again.
    Exact under the order's lock.
    """
    counted = RefundLine.objects.counted().filter(line__order=order).order_by().values("line")
    back = {row["line"]: row["sum"] for row in counted.annotate(sum=Sum("quantity"))}
    lying = stranded(order)
    return {
        line.pk: min(back.get(line.pk, 0) + lying[line.pk], line.quantity)
        for line in order.lines.all()
    }


def stranded(order: Order, *, besides: Collection[int] = ()) -> dict[int, int]:
    """How many pieces of each line, by its id, lie on the shelf after their money was refused.

    Once the money was given for them all the same, they are gone like others, and whoever gave it
    may have said that they come to the shelf, or that nothing comes: they lie there.
    `besides`: rows (of refunds or notes, by id) that are not looked at.
    """
    rows = list(RefundLine.objects.filter(line__order=order).exclude(pk__in=besides))
    counted = set(
        RefundLine.objects.counted().filter(line__order=order).values_list("pk", flat=True)
    )
    there = shelved(order)
    lying = {}
    for line in order.lines.all():
        its = [row for row in rows if row.line_id == line.pk]
        refused = [row.pk for row in its if row.restock and row.pk not in counted]
        given = [
            row.quantity
            for row in its
            if row.pk in counted and (row.restock or any(pk < row.pk for pk in refused))
        ]
        lying[line.pk] = max(there.get(line.variant_id, 0) - sum(given), 0)
    return lying


def shelved(order: Order) -> dict[int, int]:
    """How many of each variant, by its id, have come back from the order to the shelf."""
    returned = StockMovement.objects.filter(
        reference=order.number, reason=StockMovement.Reason.RETURNED
    )
    sums = returned.order_by().values("item").annotate(sum=Sum("on_hand_change"))
    return {row["item"]: row["sum"] for row in sums}
