"""What a Checkout Session charges: items, shipping and discount that add up to the order's total.

Stripe only adds up; it computes no tax here. Prices without VAT are followed by items that are the
VAT.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from ..models import Order, OrderLine, PaymentAttempt
from .protocol import GatewayRefused
from .stripe_currencies import minor_units

Json = dict[str, Any]


def charges(attempt: PaymentAttempt) -> Json:
    """The parts of a session that cost, or take off; a pure function of the attempt and its order.

    An order with a part that Stripe cannot charge by itself (a price of 1.234 KWD) is one item.
    """
    order = attempt.order
    with override(order.language):
        try:
            return _in_detail(attempt, order)
        except GatewayRefused:
            name = _("Order %(number)s") % {"number": order.number}
            return {"line_items": [_item(name, order.total, order)]}


def coupon(attempt: PaymentAttempt) -> Json:
    """The one-off coupon that takes the order's discount off its session."""
    order = attempt.order
    return {
        "id": _coupon_id(attempt),
        "amount_off": minor_units(order.discount, order.currency),
        "currency": order.currency.lower(),
        "duration": "once",
        "name": order.coupon_code or order.number,
        "metadata": {"order": order.number, "attempt": str(attempt.key)},
    }


def _in_detail(attempt: PaymentAttempt, order: Order) -> Json:
    minor_units(order.discount, order.currency)
    goods = [_line_item(line, order) for line in order.lines.all()]
    parts: Json = {
        "line_items": [*goods, *_tax_items(order)],
        "shipping_options": [_shipping(order)],
    }
    if order.discount:
        parts["discounts"] = [{"coupon": _coupon_id(attempt)}]
    return parts


def _line_item(line: OrderLine, order: Order) -> Json:
    if line.total == line.unit_price * line.quantity:
        try:
            return _item(
                line.full_name, line.unit_price, order, quantity=line.quantity, sku=line.sku
            )
        except GatewayRefused:
            pass  # one cannot be charged, but perhaps all of them can
    name = f"{line.quantity} × {line.full_name}"
    return _item(name, line.total, order, sku=line.sku)


def _tax_items(order: Order) -> Iterator[Json]:
    if order.prices_include_tax:
        return
    for share in order.taxes:
        if tax := Decimal(share["tax"]):
            yield _item(_("VAT %(rate)s %%") % {"rate": share["rate"]}, tax, order)


def _item(name: str, amount: Decimal, order: Order, *, quantity: int = 1, sku: str = "") -> Json:
    product = {"name": name, **({"metadata": {"sku": sku}} if sku else {})}
    return {
        "quantity": quantity,
        "price_data": {
            "currency": order.currency.lower(),
            "unit_amount": minor_units(amount, order.currency),
            "tax_behavior": _tax_behavior(order),
            "product_data": product,
        },
    }


def _shipping(order: Order) -> Json:
    return {
        "shipping_rate_data": {
            "type": "fixed_amount",
            "display_name": order.shipping_method,
            "fixed_amount": {
                "amount": minor_units(order.shipping, order.currency),
                "currency": order.currency.lower(),
            },
            "tax_behavior": _tax_behavior(order),
        }
    }


def _tax_behavior(order: Order) -> str:
    return "inclusive" if order.prices_include_tax else "exclusive"


def _coupon_id(attempt: PaymentAttempt) -> str:
    return f"attempt-{attempt.key}"
