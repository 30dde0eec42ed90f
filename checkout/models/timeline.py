"""What happened to an order, and who did it."""

from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _

from .orders import Order


class OrderEvent(models.Model):
    """One line of an order's timeline. Append-only."""

    class Kind(models.TextChoices):
        PLACED = "placed", _("Order placed")
        PAYMENT_PENDING = "payment_pending", _("Payment under way")
        PAYMENT_DECLINED = "payment_declined", _("A card was declined")
        PAYMENT_FAILED = "payment_failed", _("Payment failed")
        PAID = "paid", _("Paid")
        NEEDS_REVIEW = "needs_review", _("Needs review")
        INVOICED = "invoiced", _("Invoice written")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Not paid in time")
        FULFILLED = "fulfilled", _("Sent")
        RETURNED = "returned", _("Returned")
        NOTE = "note", _("Note")
        REVIEWED = "reviewed", _("Looked into")
        REINSTATED = "reinstated", _("Taken up again")
        GOODS_BACK = "goods_back", _("Goods came back")
        REFUND_ORDERED = "refund_ordered", _("Money is to go back")
        REFUNDED = "refunded", _("Money given back")
        REFUND_FAILED = "refund_failed", _("Money could not be given back")
        REFUND_WITHDRAWN = "refund_withdrawn", _("Money is not to go back after all")
        CREDITED = "credited", _("Credit note written")
        DISPUTE_OPENED = "dispute_opened", _("Payment disputed")
        DISPUTE_CLOSED = "dispute_closed", _("Dispute closed")
        VAT_ID_CHECKED = "vat_id_checked", _("VAT id checked")

    # What the buyer does not read on the order's page.
    FOR_STAFF = (
        Kind.NOTE,
        Kind.NEEDS_REVIEW,
        Kind.REVIEWED,
        Kind.VAT_ID_CHECKED,
        Kind.INVOICED,
        Kind.CREDITED,
        Kind.REFUND_FAILED,
        Kind.REFUND_WITHDRAWN,
        Kind.GOODS_BACK,
        Kind.DISPUTE_OPENED,
        Kind.DISPUTE_CLOSED,
    )

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=30, choices=Kind)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("order event")
        verbose_name_plural = _("order events")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_kind_display()}"
