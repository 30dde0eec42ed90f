"""Orders of the last weeks: placed, paid at the sandbox and billed by the shop's own functions."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cart.cart import Cart
from cart.sessions import SessionStore
from checkout import shipping
from checkout.models import Order, PaymentAttempt
from checkout.orders import fulfilment, placing
from checkout.orders.totals import price_order
from checkout.payments import paying
from checkout.tax.taxation import Destination
from invoices import printing
from mailing import sending

from . import read
from .paying import open_sandbox, pay

# From placing an order to paying, and to leaving the house.
PAYING = timedelta(minutes=4)
PACKING = timedelta(hours=20)


def load(*, at: datetime) -> None:
    """Place the orders that are missing, counting their days back from `at`."""
    wanted = {f"demo-{number}": entry for number, entry in enumerate(read("past_orders")["order"])}
    loaded = Order.objects.filter(placement_key__in=wanted)
    missing = wanted.keys() - set(loaded.values_list("placement_key", flat=True))
    if not missing:
        return
    with open_sandbox():
        for key in sorted(missing, key=lambda key: -wanted[key]["days_ago"]):
            _live(wanted[key], key=key, at=_moment(wanted[key], now=at))


def _moment(entry: dict[str, Any], *, now: datetime) -> datetime:
    if "clock" not in entry:
        return now - timedelta(hours=1)
    day = timezone.localdate(now) - timedelta(days=entry["days_ago"])
    return timezone.make_aware(datetime.combine(day, entry["clock"]))


def _live(entry: dict[str, Any], *, key: str, at: datetime) -> None:
    """One order's life, beginning at `at`."""
    order = _place(entry, key=key, at=at)
    _send_mails(at)
    became = entry.get("then", "paid")
    if became == "expired":
        paying.expire(order, at=order.expires_at)
        _send_mails(order.expires_at)
    elif became != "unpaid":
        _pay(order, at=at + PAYING)
    if became == "sent":
        fulfilment.ship(order.pk, tracking=f"DEMO{order.pk:08}", by=None, at=at + PACKING)
        _send_mails(at + PACKING)


def _place(entry: dict[str, Any], *, key: str, at: datetime) -> Order:
    cart = Cart(SessionStore())
    for sku, quantity in entry["lines"].items():
        cart.add(sku, quantity)
    country = entry["address"]["country"]
    ways = shipping.quotes(
        country=country, grams=cart.grams, subtotal=cart.subtotal, currency=cart.currency
    )
    way = next(way for way in ways if way.name == entry.get("shipping", "Standard"))
    totals = price_order(
        cart.lines,
        shipping=way,
        destination=Destination(country, entry["address"].get("postcode", "")),
        currency=cart.currency,
        at=at,
    )
    return placing.place_order(
        cart=cart,
        contact=placing.Contact(email=entry["email"]),
        address=entry["address"],
        shipping=way,
        seen_total=totals.total,
        key=key,
        at=at,
    )


def _pay(order: Order, *, at: datetime) -> None:
    attempt = paying.start(order, at=timezone.now())  # the provider opens no page in the past
    pay(attempt.reference or "")
    _date_back(attempt, at=at - PAYING / 2)
    paying.settle(attempt, at=at)
    for invoice in printing.due(at):
        printing.print_if_due(invoice.pk, at=at)
    _send_mails(at)


def _date_back(attempt: PaymentAttempt, *, at: datetime) -> None:
    end = at + paying.PAGE_LIFE
    PaymentAttempt.objects.filter(pk=attempt.pk).update(created_at=at, expires_at=end)
    Order.objects.filter(pk=attempt.order_id).update(expires_at=end)


def _send_mails(at: datetime) -> None:
    # Here, so that they bear the day of their order; the worker would send them today.
    for message in sending.due(at):
        sending.send_if_due(message.pk, at=at)
