"""What is left of a payment, and of the goods it was for."""

from dataclasses import dataclass

from django.db.models import Q, Sum

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
    back = RefundLine.objects.counted().filter(line__order=order)
    pieces = back.aggregate(sum=Sum("quantity"))["sum"]
    return pieces == sum(order.quantities().values())
