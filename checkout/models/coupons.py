"""Uses of coupons. The coupons themselves are the cart's."""

from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from cart.models import Coupon, CouponCode

from .orders import Order


class CouponRedemptionQuerySet(models.QuerySet["CouponRedemption"]):
    def live(self) -> "CouponRedemptionQuerySet":
        """Not given back."""
        return self.filter(released_at=None)

    def by_customer(self) -> Any:
        """One row for each customer of a coupon, with how many `uses` their limit is held against.

        What is paid has forgotten where it came from; the unpaid ones of each network are a row of
        their own, because they need not be the same person's (`redeeming.confirm`).
        """
        counted = self.live().filter(beyond_limit=False).order_by()
        rows = counted.values(
            "coupon", "customer", "order__placed_from", "coupon__per_customer_limit"
        )
        return rows.annotate(uses=Count("pk"))


class CouponRedemption(models.Model):
    """One order's use of a code: claimed with the order, given back when the order is closed."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="redemption")
    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="redemptions")
    code = models.ForeignKey(CouponCode, models.PROTECT, related_name="redemptions")
    customer = models.CharField(max_length=254)  # `Order.customer`
    # The customer's how-manieth use of this coupon, the lowest that is free; not counted (null)
    # if each customer may use it any number of times.
    use = models.PositiveSmallIntegerField(null=True)
    # Paid though the customer's limit was reached: two orders from two networks waited at once.
    beyond_limit = models.BooleanField(default=False)
    claimed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    objects = CouponRedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("coupon use")
        verbose_name_plural = _("coupon uses")
        constraints = [
            models.UniqueConstraint(
                fields=["coupon", "customer", "use"],
                condition=Q(released_at=None),
                name="a_customer_s_uses_are_counted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.order}"
