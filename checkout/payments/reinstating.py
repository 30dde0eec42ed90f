"""Taking a closed order up again whose money came after all."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from products import stocking

from ..models import Order, OrderEvent, PaymentAttempt
from ..orders import holding, redeeming
from ..orders.balances import balance_of
from ..orders.placing import SoldOut
from . import booking

Kind = OrderEvent.Kind
CLOSED = (Order.Status.CANCELLED, Order.Status.EXPIRED)


class NotReinstatable(Exception):
    """The order is not closed, or no payment of just its total waits for it."""


@transaction.atomic
def reinstate(order: Order, *, by: User | None, at: datetime) -> Order:
    """Promise the goods again, count the payment, sell and bill: all of it or nothing.

    Raises SoldOut (then the money belongs back: `refunding.return_payment`) or NotReinstatable.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    attempt = payment_for(order)
    if attempt is None:
        raise NotReinstatable(order.number)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    attempt.order = order
    _promise(order, at=at)
    redeeming.claim_again(order, at=at)
    order.note(Kind.REINSTATED, at=at, by=by)
    booking.sell(attempt, at=at)
    if holding.stray_money(order):
        holding.ask(order, "another payment came as well", at=at)
    holding.renew(order, at=at)
    return order


def payment_for(order: Order) -> PaymentAttempt | None:
    """The payment a closed order could be sold for: all of its total, and nothing of it gone."""
    if order.status not in CLOSED:
        return None
    paid = order.attempts.filter(state=PaymentAttempt.State.PAID, currency=order.currency)
    for attempt in paid.order_by("settled_at"):
        balance = balance_of(attempt)
        agrees = balance.captured == attempt.amount_minor == balance.left
        if agrees and attempt.captured_currency == order.currency:
            return attempt
    return None


def _promise(order: Order, *, at: datetime) -> None:
    try:
        stocking.reserve(order.quantities(), reference=order.number, at=at)
    except stocking.NotEnough as short:
        missing = order.lines.filter(variant__in=short.variant_ids)
        raise SoldOut(", ".join(line.full_name for line in missing)) from short
