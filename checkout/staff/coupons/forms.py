"""The form of a coupon, and the one that makes codes."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

from cart import codes
from cart.models import Coupon, CouponCode
from products.editing.fields import MOMENTS
from products.money import smallest_unit

from ...models import CouponRedemption

UNIT_HINT = _("This currency has no such small coins.")


class CouponForm(WagtailAdminModelForm):
    """The terms of a coupon and the code that everybody may use."""

    code = forms.CharField(
        label=_("Code"),
        required=False,
        max_length=codes.LONGEST_INPUT,
        help_text=_("For everybody. Leave it empty to make codes that work once, later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shared = self._shared_code()
        self.fields["code"].initial = self.shared.code if self.shared else ""
        if self.shared and self.shared.redemptions.exists():
            self.fields["code"].disabled = True
            self.fields["code"].help_text = _("Orders have used it, so it stays as it is.")
        if self.instance._state.adding:
            self.initial["currency"] = settings.SHOP_CURRENCY
        for name in ("starts_at", "ends_at"):
            self.fields[name].validators += MOMENTS
        for name in ("percent", "amount", "minimum_spend"):
            if isinstance(value := self.initial.get(name), Decimal):
                self.initial[name] = f"{value.normalize():f}"  # 10, not 10.00

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        if not typed:
            return ""
        try:
            code = codes.tidied(typed)
        except codes.NotACode:
            raise forms.ValidationError(
                _("3 to 32 letters, digits and dashes, the first no dash.")
            ) from None
        others = CouponCode.objects.filter(code=code)
        if self.shared:
            others = others.exclude(pk=self.shared.pk)
        if others.exists():
            raise forms.ValidationError(_("Another coupon has this code."))
        return code

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean_total_limit(self) -> int | None:
        """Not below what was used already."""
        limit: int | None = self.cleaned_data["total_limit"]
        if limit is not None and self.instance.used > limit:
            raise forms.ValidationError(
                _now("It has been used %(used)s times already.") % {"used": self.instance.used}
            )
        return limit

    def clean_per_customer_limit(self) -> int | None:
        """Not below what somebody has used already."""
        limit: int | None = self.cleaned_data["per_customer_limit"]
        if limit is not None and self.instance.pk and (most := self._most_by_one()) > limit:
            raise forms.ValidationError(
                _now("A customer has used it %(most)s times already.") % {"most": most}
            )
        return limit

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        wanted = {"percent": Coupon.Kind.PERCENT, "amount": Coupon.Kind.AMOUNT}
        for name, kind in wanted.items():
            if cleaned.get("kind") != kind:
                cleaned[name] = None  # left over from another choice above
            elif cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("Enter what the coupon gives."))
        self._check_money(cleaned)
        self._check_goods(cleaned)
        return cleaned

    def _check_money(self, cleaned: dict[str, Any]) -> None:
        sums = {name: cleaned.get(name) for name in ("amount", "minimum_spend")}
        if any(sums.values()) and not cleaned.get("currency") and "currency" not in self.errors:
            self.add_error("currency", _("Enter the currency of the amount."))
        for name, value in sums.items():
            if value and cleaned.get("currency") and value % smallest_unit(cleaned["currency"]):
                self.add_error(name, UNIT_HINT)

    def _check_goods(self, cleaned: dict[str, Any]) -> None:
        named = [
            row
            for rows in self.formsets.values()
            for row in rows.forms
            if row.has_changed() or row.instance.pk
            if row not in rows.deleted_forms
        ]
        if cleaned.get("for_some_goods") and not named:
            self.add_error("for_some_goods", _("Name a product or a category below."))
        if named and not cleaned.get("for_some_goods"):
            self.add_error("for_some_goods", _("Tick this, or take out what is named below."))

    def save(self, commit: bool = True) -> Coupon:
        coupon: Coupon = super().save(commit=commit)
        code = self.cleaned_data["code"]
        if self.shared is None and code:
            CouponCode.objects.create(coupon=coupon, code=code)
        elif self.shared and not code:
            self.shared.delete()
        elif self.shared:
            # Nothing but the text: what it was used has changed since, perhaps.
            CouponCode.objects.filter(pk=self.shared.pk).update(code=code)
        return coupon

    def _shared_code(self) -> CouponCode | None:
        if self.instance.pk is None:
            return None
        return CouponCode.objects.filter(coupon=self.instance, is_single_use=False).first()

    def _most_by_one(self) -> int:
        by_customer = CouponRedemption.objects.filter(coupon=self.instance).by_customer()
        return max((row["uses"] for row in by_customer.order_by("-uses")[:1]), default=0)


EDIT_HANDLER = ObjectList(
    [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        MultiFieldPanel(
            [
                FieldPanel("kind"),
                FieldRowPanel([FieldPanel("percent"), FieldPanel("amount")]),
                FieldRowPanel([FieldPanel("minimum_spend"), FieldPanel("currency")]),
            ],
            heading=_("What it gives"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldRowPanel([FieldPanel("total_limit"), FieldPanel("per_customer_limit")]),
                FieldPanel("first_order_only"),
                FieldPanel("is_active"),
            ],
            heading=_("When, for whom and how often"),
        ),
        MultiFieldPanel([FieldPanel("for_some_goods")], heading=_("For what")),
        InlinePanel(
            "product_rows",
            heading=_("Only these products"),
            label=_("Product"),
            panels=[FieldPanel("product")],
        ),
        InlinePanel(
            "category_rows",
            heading=_("Only these categories"),
            label=_("Category"),
            panels=[FieldPanel("category")],
            help_text=_("With all categories below."),
        ),
    ],
    base_form_class=CouponForm,
)


class MakeCodesForm(forms.Form):
    """So many new codes, each for one order."""

    count = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=codes.MOST_AT_ONCE, initial=100
    )
    start = forms.CharField(
        label=_("Beginning with"),
        required=False,
        max_length=10,
        validators=[RegexValidator(r"^[A-Z0-9]+\Z", _("Capital letters and digits."))],
    )
    length = forms.IntegerField(
        label=_("Random letters after that"),
        min_value=codes.SHORTEST,
        max_value=codes.LONGEST,
        initial=10,
    )
