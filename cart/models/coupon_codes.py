"""The words that stand for a coupon."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .coupons import Coupon

CODE_PATTERN = r"[A-Z0-9][A-Z0-9-]{2,31}"


class CouponCode(models.Model):
    """What the shopper types. Stored in capitals."""

    coupon = models.ForeignKey(Coupon, models.CASCADE, related_name="codes")
    code = models.CharField(
        _("code"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(rf"^{CODE_PATTERN}\Z", _("Letters, digits and dashes."))],
    )
    is_single_use = models.BooleanField(_("once only"), default=False)
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("coupon code")
        verbose_name_plural = _("coupon codes")
        permissions = [("export_couponcode", _("Can export coupon codes"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_single_use=False) | Q(used__lte=1),
                name="a_single_use_code_is_used_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code
