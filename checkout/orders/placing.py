"""Placing an order: one transaction that prices, promises the goods and writes everything down."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from cart.cart import Cart, CartLine
from cart.coupons import Discount
from products import stocking

from .. import gateways
from ..models import Address, Order, OrderEvent, OrderLine
from ..models.inserting import insert, insert_all
from ..shipping import Quote
from ..tax import vat_checks
from ..tax.taxation import Destination
from . import customers, notices, redeeming
from .totals import PricedLine, Totals, price_order

logger = logging.getLogger(__name__)
# How long goods are promised to an order nobody has paid.
PROMISE = timedelta(hours=2)
# Part of every order, so written out: put together by the ORM it would cost three times as much.
UNPAID = """
    SELECT placement_key FROM checkout_order
    WHERE customer = %s AND placed_from = %s AND status = %s LIMIT %s
"""
# Goods that one customer may keep from others without paying, counted in orders from one network.
MOST_UNPAID = 5


class EmptyCart(Exception):
    """There is nothing to order."""


class SoldOut(Exception):
    """Less is left than was asked for; the message names the products."""


class NoVatRate(Exception):
    """The shop's VAT table says nothing of some goods here, so nobody knows what they cost."""


class TooManyUnpaid(Exception):
    """The customer has as many orders from here waiting for payment as anybody may have."""


class TotalChanged(Exception):
    """The total is not the one the shopper saw; `totals` are the new ones."""

    def __init__(self, totals: Totals) -> None:
        super().__init__()
        self.totals = totals


@dataclass(frozen=True)
class Contact:
    """Who orders. `vat_id` is normalised, or empty for a consumer.

    `client` is the network they order from (`limiting.address`), empty where it is not known.
    """

    email: str
    language: str = "en"
    vat_id: str = ""
    client: str = ""


def place_order(
    *,
    cart: Cart,
    contact: Contact,
    address: Mapping[str, str],
    billing_address: Mapping[str, str] | None = None,
    shipping: Quote,
    discount: Discount | None = None,
    seen_total: Decimal,
    key: str,
    at: datetime,
) -> Order:
    """Turn a cart into an order at the prices the shopper saw, and promise its goods.

    Of all who carry the same `key` one gets the order. `seen_total` is what is to be paid, in major
    units of the cart's currency; `shipping` was quoted for this cart and address. Raises EmptyCart,
    NoVatRate, SoldOut, TotalChanged, TooManyUnpaid, GatewayRefused (nobody could pay such a total),
    `redeeming.CouponGone`, or IntegrityError if the key has its order; then nothing is written, and
    a transaction it was called in can only be rolled back.
    """
    if not cart.lines:
        raise EmptyCart
    totals = price_order(
        cart.lines,
        shipping=shipping,
        destination=Destination(address["country"], address.get("postcode", ""), contact.vat_id),
        discount=discount,
        currency=cart.currency,
        at=at,
    )
    if totals.rules.lacking:
        # Only staff can mend it, and a refused order leaves them nothing else to see.
        logger.error("Not sold for want of a VAT rate: %s", ", ".join(sorted(totals.rules.lacking)))
        raise NoVatRate
    if totals.total != seen_total:
        raise TotalChanged(totals)
    gateways.check_payable(totals.total, totals.currency)
    return _place(totals, discount, contact, address, billing_address, key, at)


@transaction.atomic(savepoint=False)
def _place(
    totals: Totals,
    discount: Discount | None,
    contact: Contact,
    address: Mapping[str, str],
    billing_address: Mapping[str, str] | None,
    key: str,
    at: datetime,
) -> Order:
    customer = customers.identity(contact.email)
    placed_from = customers.network(contact.client)
    _check_unpaid(customer, placed_from, key)
    order = Order(
        placement_key=key,
        email=contact.email,
        customer=customer,
        placed_from=placed_from,
        language=contact.language,
        vat_id=contact.vat_id,
        shipping_address=insert(Address(**address)),
        billing_address=insert(Address(**billing_address)) if billing_address else None,
        collect_at=totals.shipping.collect_at,
        placed_at=at,
        terms_accepted_at=at,
        expires_at=at + PROMISE,
        **totals.as_fields(),
    )
    insert(order)
    lines = insert_all(
        [_as_sold(order, position, priced) for position, priced in enumerate(totals.lines, 1)]
    )
    order.note(OrderEvent.Kind.PLACED, at=at)
    vat_checks.request(order, at=at)
    notices.order_received(order, lines, at=at)
    # Last: other shoppers of the same goods and coupon wait from here until the commit.
    _promise([priced.line for priced in totals.lines], order, at)
    if discount and totals.coupon_code:
        redeeming.claim(order, discount, at=at)
    return order


def _check_unpaid(customer: str, placed_from: str, key: str) -> None:
    """Raises TooManyUnpaid. Counts one order of a customer after the other, but not this form's.

    Nor those from elsewhere: a stranger who knows an address must not keep its owner from ordering.
    """
    customers.one_at_a_time(customer)
    with connection.cursor() as cursor:
        cursor.execute(UNPAID, [customer, placed_from, Order.Status.PLACED, MOST_UNPAID + 1])
        unpaid = [placed for (placed,) in cursor.fetchall() if placed != key]
    if len(unpaid) >= MOST_UNPAID:
        raise TooManyUnpaid


def _promise(lines: Sequence[CartLine], order: Order, at: datetime) -> None:
    wanted = {line.offer.variant_id: line.quantity for line in lines}
    try:
        stocking.reserve(wanted, reference=order.number, at=at)
    except stocking.NotEnough as short:
        names = [line.offer.name for line in lines if line.offer.variant_id in short.variant_ids]
        raise SoldOut(", ".join(names)) from short


def _as_sold(order: Order, position: int, priced: PricedLine) -> OrderLine:
    offer = priced.line.offer
    return OrderLine(
        order=order,
        position=position,
        variant_id=offer.variant_id,
        sku=offer.sku,
        name=offer.name,
        options=offer.options,
        quantity=priced.line.quantity,
        weight_grams=offer.weight_grams,
        unit_price=priced.unit_price,
        discount=priced.discount,
        total=priced.total,
        tax_class=offer.tax_class,
        tax_rate=priced.rate.percent,
        tax_category=priced.rate.category,
        tax=priced.tax,
    )
