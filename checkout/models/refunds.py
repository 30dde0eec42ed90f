"""Money that goes back, and money that the buyer's bank takes back."""

from decimal import Decimal
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .order_lines import OrderLine
from .orders import Order
from .payments import PaymentAttempt


def new_key() -> str:
    """What names one wish to give money back."""
    return uuid4().hex


class Refund(models.Model):
    """Money given back on one payment. The row comes first, then the provider is asked."""

    class State(models.TextChoices):
        OWED = "owed", _("Not yet at the provider")
        PENDING = "pending", _("Under way")
        SUCCEEDED = "succeeded", _("Given back")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    COUNTED = (State.OWED, State.PENDING, State.SUCCEEDED)  # may not be given back a second time

    class Origin(models.TextChoices):
        SHOP = "shop", _("Here")
        PROVIDER = "provider", _("At the provider")
        ELSEWHERE = "elsewhere", _("Here, and given another way")

    # One refund form, however often it is sent, is one refund.
    key = models.CharField(max_length=64, unique=True, default=new_key)
    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    attempt = models.ForeignKey(PaymentAttempt, models.PROTECT, related_name="refunds")
    # The provider's name for it; null until it is known, unique then.
    reference = models.CharField(_("reference"), max_length=255, null=True, unique=True)  # noqa: DJ001
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.SHOP)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OWED)
    # In the smallest unit of `currency` as the provider counts it, and in major units.
    amount_minor = models.PositiveBigIntegerField()
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    # The part of `amount` (gross, major units) that is for shipping.
    shipping = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("ordered"))
    settled_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # when a worker may ask the provider (again)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        permissions = [("make_refund", _("Can give money back"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a_refund_gives_something_back"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="refunds_to_make",
                condition=Q(state__in=["owed", "pending"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.amount} {self.currency}"


class GoodsBack(models.Model):
    """Goods that came back and no money with them: it went back elsewhere, or they cost none."""

    # One form, however often it is sent, is one note.
    key = models.CharField(max_length=64, unique=True, default=new_key)
    order = models.ForeignKey(Order, models.PROTECT, related_name="goods_back")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("noted"))

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("goods that came back")
        verbose_name_plural = _("goods that came back")

    def __str__(self) -> str:
        return f"{self.order}: {self.reason}"


class RefundLineQuerySet(models.QuerySet["RefundLine"]):
    def counted(self) -> "RefundLineQuerySet":
        """What is gone from the order: with money that was not refused, or noted without."""
        return self.filter(Q(refund=None) | Q(refund__state__in=Refund.COUNTED))


class RefundLine(models.Model):
    """What of a line came back, and whether it goes on the shelf: with money, or noted without."""

    # One of the two.
    refund = models.ForeignKey(Refund, models.CASCADE, null=True, related_name="lines")
    goods_back = models.ForeignKey(GoodsBack, models.CASCADE, null=True, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveIntegerField()
    # Major units. `discount` and `tax` are the part of the line's that goes back with the goods,
    # `amount` is what is given for them.
    discount = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    tax = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=3)  # gross
    restock = models.BooleanField(default=False)

    objects = RefundLineQuerySet.as_manager()

    class Meta:
        ordering = ["line__position"]
        verbose_name = _("refunded line")
        verbose_name_plural = _("refunded lines")
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="a_refund_names_a_line_once"),
            models.UniqueConstraint(
                fields=["goods_back", "line"], name="goods_back_name_a_line_once"
            ),
            models.CheckConstraint(
                condition=Q(refund__isnull=False, goods_back=None)
                | Q(refund=None, goods_back__isnull=False, amount=0),
                name="goods_come_back_with_a_refund_or_no_money",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.sku}"


class Dispute(models.Model):
    """The buyer's bank wants the money back. The provider's record; ours follows it."""

    class State(models.TextChoices):
        NEEDS_RESPONSE = "needs_response", _("Needs an answer")
        UNDER_REVIEW = "under_review", _("Under review")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    OPEN = (State.NEEDS_RESPONSE, State.UNDER_REVIEW)

    order = models.ForeignKey(Order, models.PROTECT, related_name="disputes")
    attempt = models.ForeignKey(PaymentAttempt, models.PROTECT, related_name="disputes")
    reference = models.CharField(_("reference"), max_length=255, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State)
    reason = models.CharField(_("reason"), max_length=60, blank=True)  # the provider's word
    amount_minor = models.PositiveBigIntegerField()
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(max_length=3)
    opened_at = models.DateTimeField(_("opened"))
    respond_by = models.DateTimeField(_("answer until"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    funds_withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")

    def __str__(self) -> str:
        return f"{self.order}: {self.get_state_display()}"

    @property
    def reversed(self) -> Decimal:
        """What the bank took back for good. Major units."""
        return self.amount if self.state == self.State.LOST else Decimal(0)
