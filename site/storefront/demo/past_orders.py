"""Orders of the last year: placed, paid at the sandbox and billed by the shop's own functions."""

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

from . import aftermath, read
from .paying import open_sandbox, pay
from .post import post

# From placing an order to paying, and to leaving the house.
PAYING = timedelta(minutes=4)
PACKING = timedelta(hours=20)
NEVER_PAID = ("expired", "unpaid")


def load(*, at: datetime) -> None:
    """Place the orders that are missing, the oldest first, counting their days back from `at`."""
    facts = read("past_orders")
    wanted = {_key(entry): entry for entry in facts["orders"]}
    loaded = Order.objects.filter(placement_key__in=wanted)
    missing = wanted.keys() - set(loaded.values_list("placement_key", flat=True))
    if not missing:
        return
    with open_sandbox():
        for key in sorted(missing, key=lambda key: -wanted[key]["days_ago"]):
            entry = wanted[key] | facts["customer"][wanted[key]["by"]]
            _live(entry, key=key, at=_moment(entry, now=at))


def _key(entry: dict[str, Any]) -> str:
    return f"demo-{entry['days_ago']}-{entry['by']}"


def _moment(entry: dict[str, Any], *, now: datetime) -> datetime:
    if "clock" not in entry:
        return now - timedelta(hours=1)
    day = timezone.localdate(now) - timedelta(days=entry["days_ago"])
    return timezone.make_aware(datetime.combine(day, entry["clock"]))


def _live(entry: dict[str, Any], *, key: str, at: datetime) -> None:
    """One order's life, beginning at `at`."""
    order = _place(entry, key=key, at=at)
    post(at)
    became = entry.get("then", "paid")
    if became == "expired":
        paying.expire(order, at=order.expires_at)
        post(order.expires_at)
    elif became != "unpaid":
        _pay(order, at=at + PAYING)
    if became not in ("paid", *NEVER_PAID):
        fulfilment.ship(order.pk, tracking=f"DEMO{order.pk:08}", by=None, at=at + PACKING)
        post(at + PACKING)
        aftermath.follow(order, entry, at=at + PACKING)


def _place(entry: dict[str, Any], *, key: str, at: datetime) -> Order:
    cart = _cart(entry)
    country = entry["address"]["country"]
    ways = shipping.quotes(
        country=country, grams=cart.grams, subtotal=cart.subtotal, currency=cart.currency
    )
    way = next(way for way in ways if way.name == entry.get("shipping", "Standard"))
    totals = price_order(
        cart.lines,
        shipping=way,
        destination=Destination(country, entry["address"].get("postcode", "")),
        discount=cart.discount,
        currency=cart.currency,
        at=at,
    )
    return placing.place_order(
        cart=cart,
        contact=placing.Contact(email=entry["email"]),
        address=entry["address"],
        shipping=way,
        discount=cart.discount,
        seen_total=totals.total,
        key=key,
        at=at,
    )


def _cart(entry: dict[str, Any]) -> Cart:
    cart = Cart(SessionStore())
    for sku, quantity in entry["lines"].items():
        cart.add(sku, quantity)
    if "coupon" in entry:
        cart.apply_coupon(entry["coupon"])
    return cart


def _pay(order: Order, *, at: datetime) -> None:
    attempt = paying.start(order, at=timezone.now())  # the provider opens no page in the past
    pay(attempt.reference or "")
    _date_back(attempt, at=at - PAYING / 2)
    paying.settle(attempt, at=at)
    post(at)


def _date_back(attempt: PaymentAttempt, *, at: datetime) -> None:
    end = at + paying.PAGE_LIFE
    PaymentAttempt.objects.filter(pk=attempt.pk).update(created_at=at, expires_at=end)
    Order.objects.filter(pk=attempt.order_id).update(expires_at=end)
