"""Uses of coupons. The coupons themselves are the cart's."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cart.models import Coupon, CouponCode

from .orders import Order


class CouponRedemption(models.Model):
    """One order's use of a code: claimed with the order, given back when the order is closed."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="redemption")
    coupon = models.ForeignKey(Coupon, models.PROTECT, related_name="redemptions")
    code = models.ForeignKey(CouponCode, models.PROTECT, related_name="redemptions")
    customer = models.CharField(max_length=254)  # `Order.customer`
    # The customer's how-manieth use of this coupon, the lowest that is free; not counted (null)
    # if each customer may use it any number of times.
    use = models.PositiveSmallIntegerField(null=True)
    claimed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

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
