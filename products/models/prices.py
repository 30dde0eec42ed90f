"""What a variant costs now, and the log of how it came to that."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .products import Variant


class Price(models.Model):
    """The price that holds now. Only `products.pricing.set_price` changes it, and logs that."""

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="prices")
    currency = models.CharField(_("currency"), max_length=3)
    # Gross or net, as PRICES_INCLUDE_TAX says. Three decimals: some currencies have them.
    amount = models.DecimalField(_("price"), max_digits=12, decimal_places=3)
    compare_at = models.DecimalField(
        _("price before the reduction"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    # Of the 30 days before the reduction began: Directive 98/6/EC, Art. 6a. Kept because it is
    # shown with every list of products, and because it stays the same until the reduction ends.
    lowest_before = models.DecimalField(
        _("lowest price before"), max_digits=12, decimal_places=3, null=True, editable=False
    )

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["variant", "currency"], name="one_price_per_currency"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="a_price_is_not_negative"),
            models.CheckConstraint(
                condition=Q(compare_at=None) | Q(compare_at__gt=F("amount")),
                name="a_reduced_price_is_lower",
            ),
            models.CheckConstraint(
                condition=Q(compare_at=None, lowest_before=None)
                | Q(compare_at__isnull=False, lowest_before__isnull=False),
                name="a_reduction_names_the_lowest_price",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class PriceChange(AppendOnly):
    """Append-only: who changed a price from what to what, when and why."""

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="price_changes")
    currency = models.CharField(_("currency"), max_length=3)
    old_amount = models.DecimalField(_("old price"), max_digits=12, decimal_places=3, null=True)
    new_amount = models.DecimalField(_("new price"), max_digits=12, decimal_places=3)
    old_compare_at = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    new_compare_at = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # One to one: the database itself applies no plan twice.
    plan = models.OneToOneField(
        "products.PlannedPrice", models.RESTRICT, null=True, related_name="change"
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")

    def __str__(self) -> str:
        return f"{self.old_amount} → {self.new_amount} {self.currency}"
