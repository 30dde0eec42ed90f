"""What must always hold between orders and the money that came and went."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from mailing.breaches import Breach

from .. import gateways
from ..gateways.protocol import GatewayRefused
from ..models import Dispute, Order, OrderEvent, PaymentAttempt, Refund
from .sums import each, sums

Origin, State = Refund.Origin, Refund.State
SOLD = (Order.Status.PAID, Order.Status.FULFILLED, Order.Status.RETURNED)


def sold_orders_have_their_payment() -> Iterator[Breach]:
    payment = PaymentAttempt.objects.filter(order=OuterRef("pk"), pays_order=True)
    unpaid = Order.objects.filter(~Exists(payment), status__in=SOLD, total__gt=0)
    for order in each(unpaid.only("number", "status")):
        yield Breach("a sold order has its payment", order.number, f"{order.status} without one")
    unsold = PaymentAttempt.objects.filter(pays_order=True).exclude(order__status__in=SOLD)
    for attempt in each(unsold.select_related("order")):
        order = attempt.order
        yield Breach("a payment sells its order", order.number, f"paid, and yet {order.status}")


def sold_orders_charge_their_total() -> Iterator[Breach]:
    paid = PaymentAttempt.objects.filter(pays_order=True).exclude(gateway=gateways.FREE)
    for attempt in each(paid.select_related("order")):
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
    returned = sums(Refund.objects.filter(state__in=Refund.COUNTED), "amount_minor", "attempt")
    lost = sums(Dispute.objects.filter(state=Dispute.State.LOST), "amount_minor", "attempt")
    stray = PaymentAttempt.objects.filter(
        ~_answered(), pays_order=False, captured_minor__gt=0, order__hold=""
    )
    for attempt in each(stray.annotate(back=returned, lost=lost).select_related("order")):
        left = attempt.captured_minor - attempt.back - attempt.lost
        if left > 0:
            yield Breach(
                "other money is shown to staff",
                attempt.order.number,
                f"{left} {attempt.captured_currency} (smallest unit) of {attempt}",
            )


def no_more_goes_back_than_came() -> Iterator[Breach]:
    """What the provider made, and what the shop decided; one of ours may wait beside one of theirs.

    Until it is refused or given up: somebody was faster at the provider's own desk.
    """
    counted = Refund.objects.filter(state__in=Refund.COUNTED)
    made, ours = counted.exclude(state=State.OWED), counted.exclude(origin=Origin.PROVIDER)
    attempts = _given_back().annotate(
        made=sums(made, "amount_minor", "attempt"), ours=sums(ours, "amount_minor", "attempt")
    )
    captured = F("captured_minor")
    too_much = attempts.filter(Q(captured_minor=None) | Q(made__gt=captured) | Q(ours__gt=captured))
    for attempt in each(too_much.select_related("order")):
        detail = f"captured {attempt.captured_minor}, back {attempt.back}"
        yield Breach("no more goes back than came", attempt.order.number, detail)


def money_that_went_twice_is_shown_to_staff() -> Iterator[Breach]:
    """A bank may take what was given back already: not to be prevented, but somebody looks."""
    lost = sums(Dispute.objects.filter(state=Dispute.State.LOST), "amount_minor", "attempt")
    attempts = _given_back().annotate(lost=lost).filter(lost__gt=F("captured_minor") - F("back"))
    unseen = attempts.filter(~_answered(), order__hold="")
    for attempt in each(unseen.select_related("order")):
        yield Breach(
            "money that went twice is shown to staff",
            attempt.order.number,
            f"captured {attempt.captured_minor}, back {attempt.back}, lost {attempt.lost}",
        )


def _given_back() -> "QuerySet[PaymentAttempt]":
    """Payments of which something is given back, and how much: `back`."""
    returned = sums(Refund.objects.filter(state__in=Refund.COUNTED), "amount_minor", "attempt")
    has_one = Exists(Refund.objects.filter(attempt=OuterRef("pk")))
    return PaymentAttempt.objects.filter(has_one).annotate(back=returned).filter(back__gt=0)


def _answered() -> Exists:
    """Has somebody looked into the attempt's order since its money came?"""
    reviewed = OrderEvent.objects.filter(order=OuterRef("order"), kind=OrderEvent.Kind.REVIEWED)
    came = OuterRef("settled_at")
    return Exists(reviewed.filter(at__gte=Coalesce(came, "at")))


def open_disputes_hold_their_order() -> Iterator[Breach]:
    loose = Dispute.objects.filter(state__in=Dispute.OPEN).exclude(order__hold=Order.Hold.DISPUTED)
    for dispute in each(loose.select_related("order")):
        yield Breach("an open dispute holds its order", dispute.order.number, dispute.reference)


def _minor(attempt: PaymentAttempt) -> int | None:
    try:
        gateway = gateways.get(attempt.gateway)
        return gateway.minor_units(attempt.order.total, attempt.order.currency)
    except (KeyError, GatewayRefused):
        return None
