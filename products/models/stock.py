"""How many there are. `products.stocking` is the only code that changes these rows."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .products import Variant


class StockItem(models.Model):
    """How many of one variant are on the shelf, and how many of those are promised.

    Not on the page: publishing a draft writes every page field back from the draft,
    and would resurrect what was sold since.
    """

    variant = models.OneToOneField(Variant, models.CASCADE, primary_key=True, related_name="stock")
    on_hand = models.PositiveIntegerField(_("on the shelf"), default=0)
    reserved = models.PositiveIntegerField(_("promised"), default=0)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved__lte=F("on_hand")), name="no_more_promised_than_there_is"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand} ({self.reserved})"


class StockMovement(AppendOnly):
    """Append-only ledger: the sums of its changes are the stock item's two numbers."""

    class Reason(models.TextChoices):
        OPENING = "opening", _("Opening stock")
        RECEIVED = "received", _("Goods received")
        COUNTED = "counted", _("Stock count")
        DAMAGED = "damaged", _("Damaged or lost")
        RESERVED = "reserved", _("Promised to an order")
        RELEASED = "released", _("Order not paid")
        SOLD = "sold", _("Sold")
        RETURNED = "returned", _("Returned")

    item = models.ForeignKey(StockItem, models.CASCADE, related_name="movements")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    on_hand_change = models.IntegerField(_("on the shelf"), default=0)
    reserved_change = models.IntegerField(_("promised"), default=0)
    reference = models.CharField(_("order or document"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    moved_at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["-moved_at", "-pk"]
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [
            # What of an order has come back; asked for whenever it is packed or paid back.
            models.Index(
                fields=["reference"], name="what_came_back", condition=models.Q(reason="returned")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.on_hand_change:+}/{self.reserved_change:+}"
