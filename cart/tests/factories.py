"""Coupons as staff make them."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import override_settings

from cart import limiting
from cart.models import Coupon, CouponCode


def make_coupon(
    code: str = "SPRING10",
    *,
    percent: str | None = None,
    amount: str | None = None,
    free_shipping: bool = False,
    single_use: bool = False,
    products: Any = (),
    categories: Any = (),
    **terms: Any,
) -> Coupon:
    """A coupon of 10 % with one code, unless told otherwise. `terms` are fields of the coupon."""
    if amount:
        gives = {"kind": Coupon.Kind.AMOUNT, "amount": Decimal(amount)}
    elif free_shipping:
        gives = {"kind": Coupon.Kind.FREE_SHIPPING}
    else:
        gives = {"kind": Coupon.Kind.PERCENT, "percent": Decimal(percent or 10)}
    limited = {"for_some_goods": bool(products or categories)}
    fields = {"name": code.title(), "currency": "EUR"} | limited | gives | terms
    coupon = Coupon.objects.create(**fields)
    coupon.products.set(products)
    coupon.categories.set(categories)
    CouponCode.objects.create(coupon=coupon, code=code, is_single_use=single_use)
    return coupon


def count_afresh(**cache: Any) -> None:
    """Nobody has done anything too often yet. `cache`: the settings of another cache."""
    cache = settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex} | cache
    limiting.limiter.cache_clear()
    with override_settings(CACHES=settings.CACHES | {"default": cache}):
        limiting.limiter()


def day(text: str) -> datetime:
    """Noon, UTC, of a day such as 2026-03-14."""
    return datetime.fromisoformat(f"{text}T12:00:00+00:00")
