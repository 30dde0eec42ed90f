"""What the cart keeps in the database: coupons."""

from .coupon_codes import CODE_PATTERN, CouponCode
from .coupon_scope import CouponCategory, CouponProduct
from .coupons import Coupon, CouponQuerySet

__all__ = [
    "CODE_PATTERN",
    "Coupon",
    "CouponCategory",
    "CouponCode",
    "CouponProduct",
    "CouponQuerySet",
]
