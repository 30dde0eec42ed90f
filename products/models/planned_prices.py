"""Prices for later."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .products import Variant


class PlannedPriceQuerySet(models.QuerySet["PlannedPrice"]):
    def pending(self) -> "PlannedPriceQuerySet":
        """Neither applied nor withdrawn."""
        return self.filter(applied_at=None, withdrawn_at=None)

    def due(self, at: datetime) -> "PlannedPriceQuerySet":
        """Pending although their moment has come."""
        return self.pending().filter(starts_at__lte=at)


class PlannedPrice(models.Model):
    """A price that holds from `starts_at`. `products.planning` and `applying` write these rows.

    Pending until it is applied or withdrawn, and then its price and moment never change. A sale
    that was set at once is applied from its beginning: it is kept for the sake of its end.
    """

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="planned_prices")
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("price"), max_digits=12, decimal_places=3)
    compare_at = models.DecimalField(
        _("price before the reduction"), max_digits=12, decimal_places=3, null=True
    )
    starts_at = models.DateTimeField(_("from"))
    # Set on the plan that ends a sale: until the sale begins, nobody knows what it returns to.
    ends = models.OneToOneField(
        "self", models.CASCADE, null=True, related_name="end", verbose_name=_("ends the sale")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    planned_at = models.DateTimeField(_("planned at"))
    applied_at = models.DateTimeField(_("applied at"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = PlannedPriceQuerySet.as_manager()

    class Meta:
        # At one moment a sale ends first, and then the next one begins.
        ordering = ["starts_at", F("ends_id").asc(nulls_last=True), "pk"]
        verbose_name = _("planned price")
        verbose_name_plural = _("planned prices")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="a_planned_price_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(compare_at=None) | Q(compare_at__gt=F("amount")),
                name="a_planned_reduction_is_lower",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(applied_at__gte=F("starts_at")),
                name="no_plan_is_applied_early",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(withdrawn_at=None),
                name="a_plan_is_applied_or_withdrawn",
            ),
            models.UniqueConstraint(
                fields=["variant", "currency", "starts_at"],
                condition=Q(applied_at=None, withdrawn_at=None, ends=None),
                name="one_plan_for_one_moment",
            ),
            models.UniqueConstraint(
                fields=["variant", "currency", "starts_at"],
                condition=Q(applied_at=None, withdrawn_at=None, ends__isnull=False),
                name="one_end_for_one_moment",
            ),
        ]
        indexes = [
            # Asked every minute, and nearly always empty.
            models.Index(
                fields=["starts_at"],
                condition=Q(applied_at=None, withdrawn_at=None),
                name="pending_plans",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.starts_at:%Y-%m-%d %H:%M}"
