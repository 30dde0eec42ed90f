"""Deciding to give money back. The row comes first, under lock; a worker then asks the provider.

Locks: order, attempt, stock, as everywhere.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from products.money import rounded

from .. import gateways
from ..gateways.protocol import GatewayRefused
from ..models import Order, OrderEvent, PaymentAttempt, Refund, RefundLine
from ..orders import holding
from ..orders.balances import balance_of
from . import goods_back, returns
from .returns import Back, TooMuch

Kind = OrderEvent.Kind
NOTHING: Mapping[int, Back] = {}

# A row of tries: eight, and one for a worker that is killed each time. A multiple of the tries that
# a gateway makes with one key, so that each row begins with a new one.
SERIES = 9


class NothingToRefund(Exception):
    """No money of the order's is left to give back, or the amount is none."""


class NotPayable(Exception):
    """An amount the provider cannot pay out: Stripe pays dinars in steps of 0.010."""


@transaction.atomic
def order_refund(
    order: Order,
    *,
    lines: Mapping[int, Back] = NOTHING,
    shipping: Decimal = Decimal(0),
    amount: Decimal | None = None,
    reason: str,
    by: User | None,
    at: datetime,
    key: str = "",
) -> Refund:
    """Owe the buyer money for goods that came back (by line id), for shipping, or as such.

    Amounts are gross, in major units of the order. `amount` is what is really given, if it is not
    what the parts come to: more is goodwill, less a deduction. The same `key` again is the same
    refund. Goods to be restocked are on the shelf at once, whatever becomes of the money.
    Raises TooMuch, NothingToRefund or NotPayable, and then nothing is written.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    # After the lock: the same form, sent twice at once, has committed.
    if key and (owed := order.refunds.filter(key=key).first()):
        return owed
    attempt = _locked(order.attempts.filter(pays_order=True).first())
    rows = returns.parts(order, lines)
    if not 0 <= shipping <= returns.shipping_left(order):
        raise TooMuch(order.shipping_method)
    wanted = returns.worth(rows, shipping) if amount is None else amount
    refund = _owe(
        attempt,
        wanted,
        order=order,
        reason=reason,
        by=by,
        at=at,
        shipping=shipping,
        **({"key": key} if key else {}),
    )
    for row in rows:
        row.refund = refund
    RefundLine.objects.bulk_create(rows)
    goods_back.take_in(rows, order, by=by, at=at)
    return refund


@transaction.atomic
def return_payment(
    attempt: PaymentAttempt, *, reason: str, by: User | None, at: datetime
) -> Refund:
    """Owe back the whole of a payment that sold nothing: it came late, twice, or was wrong.

    Whoever decides that has looked, so if this was all that was asked, the order waits no more.
    Raises NothingToRefund, also for the payment that the order was sold for.
    """
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    attempt = _locked(attempt)
    if attempt.pays_order:
        raise NothingToRefund(order.number)
    refund = _owe(attempt, money_left(attempt), order=order, reason=reason, by=by, at=at)
    asked = holding.open_questions(order).values_list("kind", flat=True)
    if list(asked) == [Kind.NEEDS_REVIEW] and not holding.stray_money(order):
        holding.review(order, reason=reason, by=by, at=at)
    return refund


def money_left(attempt: PaymentAttempt) -> Decimal:
    """What may still be given back of a payment, in major units of its currency."""
    left = balance_of(attempt).left
    if not left:
        return Decimal(0)
    return gateways.get(attempt.gateway).major_units(left, attempt.captured_currency)


def _locked(attempt: PaymentAttempt | None) -> PaymentAttempt:
    if attempt is None:
        raise NothingToRefund
    return PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)


def _owe(attempt: PaymentAttempt, amount: Decimal, **facts: Any) -> Refund:
    from ..tasks import make_refund  # tasks imports us

    order, at = facts.pop("order"), facts.pop("at")
    left = balance_of(attempt).left
    if amount <= 0 or not left:
        raise NothingToRefund(order.number)
    minor = _minor(attempt, amount)
    if minor > left:
        raise TooMuch(str(money_left(attempt)))
    refund = Refund.objects.create(
        order=order,
        attempt=attempt,
        amount_minor=minor,
        amount=amount,
        currency=attempt.captured_currency,
        created_at=at,
        due_at=at,
        **facts,
    )
    order.note(Kind.REFUND_ORDERED, at=at, by=refund.by, why=refund.reason, amount=printed(refund))
    make_refund.wake(refund.pk)
    return refund


def _minor(attempt: PaymentAttempt, amount: Decimal) -> int:
    if amount != rounded(amount, attempt.captured_currency):
        raise TooMuch(str(amount))
    try:
        return gateways.get(attempt.gateway).minor_units(amount, attempt.captured_currency)
    except GatewayRefused as refused:
        raise NotPayable(str(amount)) from refused


def printed(refund: Refund) -> str:
    """The amount as the timeline stores it: 12.50 EUR."""
    return f"{rounded(refund.amount, refund.currency)} {refund.currency}"
