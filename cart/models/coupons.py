"""Coupons: what a code takes off a basket, for whom and how often."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel, get_all_child_relations

from products.models import CategoryPage, Product

if TYPE_CHECKING:
    from .coupon_scope import CouponCategory, CouponProduct


class CouponQuerySet(models.QuerySet["Coupon"]):
    def with_state(self, at: datetime) -> "CouponQuerySet":
        """Annotates `state`: what `Coupon.state_at` says, for lists that are filtered by it."""
        return self.annotate(
            state=Case(
                When(is_active=False, then=Value(Coupon.State.OFF)),
                When(ends_at__lte=at, then=Value(Coupon.State.OVER)),
                When(used__gte=F("total_limit"), then=Value(Coupon.State.USED_UP)),
                When(starts_at__gt=at, then=Value(Coupon.State.SCHEDULED)),
                default=Value(Coupon.State.ACTIVE),
                output_field=models.CharField(),
            )
        )


class Coupon(ClusterableModel):
    """The terms of a reduction. Its codes are rows of their own: one for everybody, or many."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percent off")
        AMOUNT = "amount", _("Amount off")
        FREE_SHIPPING = "free_shipping", _("Free shipping")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        SCHEDULED = "scheduled", _("Scheduled")
        OVER = "over", _("Over")
        USED_UP = "used_up", _("Used up")
        OFF = "off", _("Switched off")

    name = models.CharField(_("name"), max_length=80, help_text=_("As staff call it."))
    kind = models.CharField(_("what it gives"), max_length=20, choices=Kind, default=Kind.PERCENT)
    percent = models.DecimalField(
        _("percent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    # Major units of `currency`, on the same basis as prices; `minimum_spend` likewise.
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, such as EUR."))],
        help_text=_("Needed with any amount of money."),
    )
    minimum_spend = models.DecimalField(
        _("from goods worth"),
        max_digits=12,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Counts what the coupon applies to. 0 for any amount."),
    )
    # In so many words: a coupon whose last product was deleted is then for nothing, not for all.
    for_some_goods = models.BooleanField(
        _("only for some goods"),
        default=False,
        help_text=_("For what is named below. Otherwise it is for everything."),
    )
    # What one of the two names, if it is for some goods only.
    products: "models.ManyToManyField[Product, CouponProduct]" = models.ManyToManyField(
        Product, through="CouponProduct", related_name="+"
    )
    categories: "models.ManyToManyField[CategoryPage, CouponCategory]" = models.ManyToManyField(
        CategoryPage, through="CouponCategory", related_name="+"
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    total_limit = models.PositiveIntegerField(
        _("uses in all"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1_000_000_000)],
        help_text=_("Empty for any number."),
    )
    per_customer_limit = models.PositiveSmallIntegerField(
        _("uses per customer"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("Empty for any number. A customer is an e-mail address."),
    )
    first_order_only = models.BooleanField(_("first order only"), default=False)
    is_active = models.BooleanField(
        _("can be used"), default=True, help_text=_("Switch a coupon off rather than delete it.")
    )
    # Live redemptions. Changed under the row's lock, or by a conditional UPDATE, which takes it:
    # whoever claims a use counts the customer's others after it, and nobody can do so meanwhile.
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)

    objects = CouponQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.CheckConstraint(
                condition=Q(total_limit=None) | Q(used__lte=F("total_limit")),
                name="a_coupon_is_not_used_too_often",
            ),
            models.CheckConstraint(
                condition=(
                    # Not null in so many words: a check passes when it is unknown.
                    Q(kind="percent", percent__isnull=False, amount=None)
                    & Q(percent__gt=0, percent__lte=100)
                    | Q(kind="amount", amount__isnull=False, amount__gt=0, percent=None)
                    & ~Q(currency="")
                    | Q(kind="free_shipping", amount=None, percent=None)
                ),
                name="a_coupon_gives_one_thing",
                violation_error_message=_("Enter a percentage, or an amount with its currency."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_spend=0) | Q(minimum_spend__gt=0) & ~Q(currency=""),
                name="a_minimum_has_a_currency",
                violation_error_message=_("Enter the currency of the amount."),
            ),
            models.CheckConstraint(
                condition=(Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at"))),
                name="a_coupon_starts_before_it_ends",
                violation_error_message=_("It ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def customer_terms(self) -> dict[str, Any]:
        """The fields that decide about a customer; who that is, only the checkout knows."""
        return {
            "per_customer_limit": self.per_customer_limit,
            "first_order_only": self.first_order_only,
        }

    def state_at(self, at: datetime, *, uses_aside: int = 0) -> "Coupon.State":
        """What the coupon is at that moment, so many uses not counted."""
        if not self.is_active:
            return self.State.OFF
        if self.ends_at and self.ends_at <= at:
            return self.State.OVER
        if self.is_used_up(uses_aside=uses_aside):
            return self.State.USED_UP
        if self.starts_at and self.starts_at > at:
            return self.State.SCHEDULED
        return self.State.ACTIVE

    def is_used_up(self, *, uses_aside: int = 0) -> bool:
        """Whatever else its state is, so many uses not counted."""
        return self.total_limit is not None and self.used >= self.total_limit + uses_aside

    def save(self, **kwargs: Any) -> None:
        """Leaves `used` alone: a form opened before a sale would write the old count back."""
        if not self._state.adding:
            terms = [
                field.name
                for field in self._meta.fields
                if field.editable and not field.primary_key
            ]
            rows = [relation.get_accessor_name() for relation in get_all_child_relations(self)]
            kwargs.setdefault("update_fields", [*terms, *rows])
        super().save(**kwargs)
