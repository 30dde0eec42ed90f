"""The mails an order owes its buyer. Each is a row of `mailing`, written with what caused it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import override

from invoices.models import Invoice, Seller
from invoices.wording import moment, money
from mailing import outbox
from mailing.models import Message
from products import kept

from ..models import Order, OrderLine, PaymentAttempt


def order_received(order: Order, lines: Sequence[OrderLine], *, at: datetime) -> None:
    """We have your order; here is how to pay it if you have not."""
    goods = [
        {
            "name": line.full_name,
            "quantity": line.quantity,
            "total": _money(order, line.total),
        }
        for line in lines
    ]
    taxes = [
        {"rate": str(share.rate), "tax": _money(order, share.tax)}
        for share in order.tax_shares
        if share.rate
    ]
    _write(
        order,
        f"order:{order.pk}:received",
        "order_received",
        at,
        lines=goods,
        taxes=taxes,
        tax_on_top=not order.prices_include_tax,
        tax_note=_in_their_language(order),
        collect_at=order.collect_at,
        shipping_method=order.shipping_method,
        shipping=_money(order, order.shipping),
        **_discount(order),
        **_to_pay(order),
    )


def payment_failed(attempt: PaymentAttempt, *, at: datetime) -> None:
    """The money did not come; you can pay again."""
    _pay_again(attempt, "payment_failed", at)


def payment_expired(attempt: PaymentAttempt, *, at: datetime) -> None:
    """The payment page closed before you paid; your goods are kept for a while."""
    _pay_again(attempt, "payment_expired", at)


def order_expired(order: Order, *, at: datetime) -> None:
    """Nobody paid, so the goods went back on the shelf."""
    _write(order, f"order:{order.pk}:expired", "order_expired", at)


def order_ready(order: Order, *, at: datetime) -> None:
    """Your order waits for you where you wanted to pick it up."""
    _write(order, f"order:{order.pk}:ready", "order_ready", at, collect_at=order.collect_at)


def order_sent(order: Order, tracking: str, *, at: datetime) -> None:
    """Your parcel has left our house, or you have picked it up. `tracking` may be empty."""
    _write(
        order,
        f"order:{order.pk}:sent",
        "order_sent",
        at,
        tracking=tracking,
        collect_at=order.collect_at,
        address=order.shipping_address.lines(),
        shipping_method=order.shipping_method,
    )


def about(order: Order, documents: Iterable[Invoice]) -> QuerySet[Message]:
    """What was written to the buyer about this order and its documents, oldest first.

    A document that was sent again has a mail each time: `invoice:7`, `invoice:7:2`.
    """
    ours = Q(key__startswith=f"order:{order.pk}:")
    for document in documents:
        ours |= Q(key=f"invoice:{document.pk}") | Q(key__startswith=f"invoice:{document.pk}:")
    return Message.objects.filter(ours).order_by("created_at", "pk")


def _pay_again(attempt: PaymentAttempt, kind: str, at: datetime) -> None:
    order = attempt.order
    _write(order, f"order:{order.pk}:{kind}:{attempt.pk}", kind, at, **_to_pay(order))


def _write(order: Order, key: str, kind: str, at: datetime, **context: Any) -> None:
    outbox.write(
        key,
        kind,
        to=order.email,
        at=at,
        language=order.language,
        context={**_common(order), **context},
    )


def _common(order: Order) -> dict[str, Any]:
    return {
        "name": order.shipping_address.name,
        "order_number": order.number,
        "order_url": _url(order),
        "total": _money(order, order.total),
        "shop": _shop(order.language),
    }


@kept.for_a_moment
def _shop(language: str) -> dict[str, Any]:
    # Whoever causes the mail, a worker or staff: it speaks the buyer's language.
    with override(language):
        return Seller.load().as_printed()


def _discount(order: Order) -> dict[str, str]:
    if not order.discount:
        return {}
    return {"discount": _money(order, -order.discount), "coupon": order.coupon_code}


def _in_their_language(order: Order) -> str:
    with override(order.language):
        return order.tax_note


def _to_pay(order: Order) -> dict[str, str]:
    """Where to pay and until when; nothing for an order that costs nothing."""
    if not order.total:
        return {}
    return {"pay_url": _url(order), "pay_until": moment(order.expires_at, order.language)}


def _url(order: Order) -> str:
    with override(order.language):
        return settings.BASE_URL + order.get_absolute_url()


def _money(order: Order, amount: Decimal) -> str:
    return money(amount, order.currency, order.language)
