"""Coupons of every kind: for everybody, for one shelf, for one use, and one that is over."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from cart import codes
from cart.models import Coupon, CouponCode
from products.models import CategoryPage

from . import read


def load(*, at: datetime) -> None:
    """Make them if there is no coupon yet; their days count from `at`."""
    if Coupon.objects.exists():
        return
    for entry in read("coupons")["coupon"]:
        coupon = _coupon(entry, at=at)
        coupon.categories.set(CategoryPage.objects.filter(slug__in=entry.get("categories", [])))
        if "code" in entry:
            CouponCode.objects.create(coupon=coupon, code=entry["code"])
        else:
            count = entry["single_use_codes"]
            codes.make(coupon, count=count, start=entry["start"], length=codes.SHORTEST)


def _coupon(entry: dict[str, Any], *, at: datetime) -> Coupon:
    terms = ("kind", "first_order_only", "per_customer_limit", "total_limit")
    amounts = ("percent", "amount", "minimum_spend")
    days = entry.get("ends_in_days")
    return Coupon.objects.create(
        name=entry["name"],
        currency=settings.SHOP_CURRENCY,
        for_some_goods="categories" in entry,
        ends_at=None if days is None else at + timedelta(days=days),
        **{name: entry[name] for name in terms if name in entry},
        **{name: Decimal(entry[name]) for name in amounts if name in entry},
    )
