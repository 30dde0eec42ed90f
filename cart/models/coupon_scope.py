"""What a coupon is for, if not for everything."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from products.models import CategoryPage, Product

from .coupons import Coupon


class CouponProduct(models.Model):
    """One product a coupon is for."""

    coupon = ParentalKey(Coupon, related_name="product_rows")
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="+", verbose_name=_("product")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coupon", "product"], name="a_coupon_names_a_product_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.product)


class CouponCategory(models.Model):
    """One category page a coupon is for, with the pages below it."""

    coupon = ParentalKey(Coupon, related_name="category_rows")
    category = models.ForeignKey(
        CategoryPage, models.CASCADE, related_name="+", verbose_name=_("category")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["coupon", "category"], name="a_coupon_names_a_category_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.category)
