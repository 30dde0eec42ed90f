"""Taking a use of a coupon: checked and taken in one statement, so nobody gets a last use twice.

Whoever takes one holds the coupon's row until the transaction ends.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from .coupons import Discount

# Part of every order with a coupon, so written out: put together by the ORM each time, the two
# would cost four times as much.
TAKE = """
    UPDATE cart_coupon SET used = used + 1
    WHERE id = %s AND is_active
      AND (starts_at IS NULL OR starts_at <= %s) AND (ends_at IS NULL OR ends_at > %s)
      AND (total_limit IS NULL OR used < total_limit)
      AND COALESCE(per_customer_limit, 0) = %s AND first_order_only = %s
"""
TAKE_CODE = """
    UPDATE cart_couponcode SET used = used + 1
    WHERE id = %s AND (used = 0 OR NOT is_single_use)
"""


def take_as_judged(discount: Discount, *, at: datetime) -> bool:
    """Take a use if there is one, and the coupon still says of customers what it said then."""
    moment = connection.ops.adapt_datetimefield_value(at)
    terms = discount.customer_terms
    own = [terms["per_customer_limit"] or 0, terms["first_order_only"]]
    return _changes_one(TAKE, [discount.coupon_id, moment, moment, *own])


def take_code(code_id: int | None) -> bool:
    """Count a use of the code, unless it works once and has had it."""
    return _changes_one(TAKE_CODE, [code_id])


def _changes_one(statement: str, values: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount == 1
