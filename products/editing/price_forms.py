"""Forms for what a variant costs: now, from a moment to come, in another currency."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from .. import planning, pricing, replanning
from ..models import PlannedPrice, Variant
from ..money import rounded
from .fields import MomentField, currencies_in_use, price_field, whole_coins


class PriceForm(forms.Form):
    """A new price of one variant in one currency, at once or planned, for good or for a while."""

    amount = price_field(label=_("New price"))
    compare_at = price_field(
        label=_("Price before the reduction"),
        required=False,
        help_text=_("Shown crossed out. Leave it empty if the price is not reduced."),
    )
    starts_at = MomentField(
        label=_("From"), required=False, help_text=_("Empty: as soon as you save.")
    )
    until = MomentField(
        label=_("Until"),
        required=False,
        help_text=_("Of a sale: then the price before it returns. Empty: for good."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("For the history below: a year from now, somebody will ask."),
    )
    button = _("Change the price")

    def __init__(self, *args: Any, currency: str, title: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency, self.title = currency, title
        for name in ("amount", "compare_at"):
            like = self.fields[name]
            self.fields[name] = price_field(
                currency, label=like.label, required=like.required, help_text=like.help_text
            )

    def clean(self) -> None:
        given = self.cleaned_data.get
        amount, before = given("amount"), given("compare_at")
        if amount is not None and before is not None and before <= amount:
            self.add_error("compare_at", _("This must be higher than the new price."))
        starts_at, until = given("starts_at"), given("until")
        if starts_at and until and until <= starts_at:
            self.add_error("until", _("This must be later than the beginning."))

    def apply(self, variant: Variant, *, by: User, at: datetime) -> bool:
        """False, and an error on the form, if the price cannot be set or planned like that."""
        try:
            self._write(variant, by=by, at=at)
        except planning.InThePast:
            late = "starts_at" if self.cleaned_data.get("starts_at") else "until"
            self.add_error(late, _("This moment has passed."))
        except planning.MomentTaken:
            self.add_error(None, _("Another price is planned for that moment."))
        except planning.Undone:
            self.add_error(
                "compare_at",
                _(
                    "The sale that runs would undo this when it ends. Enter the price before the "
                    "reduction to go on with that sale, or withdraw its end first."
                ),
            )
        except planning.Crossing:
            self.add_error(
                None,
                _("Another plan or the end of a sale lies within that time. Withdraw it first."),
            )
        except replanning.TooLate:
            self.add_error(None, _("This plan has been applied or withdrawn meanwhile."))
        except pricing.NothingBefore:
            self.add_error(
                None, _("Set a price first: there is none yet to reduce or to return to.")
            )
        return self.is_valid()

    def _write(self, variant: Variant, *, by: User, at: datetime) -> None:
        entered = {**self.cleaned_data, "currency": self.currency, "by": by, "at": at}
        if entered["starts_at"]:
            planning.plan_price(variant, entered.pop("amount"), **entered)
        else:
            del entered["starts_at"]
            planning.set_price_now(variant, entered.pop("amount"), **entered)


class NewCurrencyForm(PriceForm):
    """The first price in one more currency."""

    # The amounts are checked when the currency is known.
    any_currency = "KWD"  # has three decimals, the most there are
    button = _("Set the price")

    new_currency = forms.ChoiceField(label=_("Currency"), choices=currencies_in_use)
    field_order = ["new_currency"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, currency=self.any_currency, **kwargs)
        for name in ("compare_at", "until"):
            del self.fields[name]
        # The others are prepared for the day the shop changes its currency.
        self.fields["new_currency"].help_text = _now("Shoppers see and pay %(currency)s only.") % {
            "currency": settings.SHOP_CURRENCY
        }

    def clean(self) -> None:
        super().clean()
        amount, currency = self.cleaned_data.get("amount"), self.cleaned_data.get("new_currency")
        if amount is not None and currency:
            try:
                whole_coins(amount, currency)
            except ValidationError as error:
                self.add_error("amount", error)

    def _write(self, variant: Variant, *, by: User, at: datetime) -> None:
        self.currency = self.cleaned_data.pop("new_currency")
        super()._write(variant, by=by, at=at)


class PlanForm(PriceForm):
    """What is planned may be changed until it is applied. The end of a sale may only be moved."""

    button = _("Change the plan")

    def __init__(self, *args: Any, plan: PlannedPrice, **kwargs: Any) -> None:
        super().__init__(*args, currency=plan.currency, initial=_as_planned(plan), **kwargs)
        self.plan = plan
        self.fields["starts_at"].required = True
        self.fields["starts_at"].help_text = ""
        if plan.ends_id:
            for name in ("amount", "compare_at", "until"):
                del self.fields[name]

    def _write(self, variant: Variant, *, by: User, at: datetime) -> None:
        entered = {**self.cleaned_data, "by": by, "at": at}
        if self.plan.ends_id:
            replanning.move_end(self.plan, entered.pop("starts_at"), **entered)
        else:
            replanning.replace(self.plan, entered.pop("amount"), **entered)


class WithdrawForm(forms.Form):
    """A button: the plan comes to nothing."""

    button = _("Withdraw this plan")

    def __init__(self, *args: Any, plan: PlannedPrice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def apply(self, variant: Variant, *, by: User, at: datetime) -> bool:
        try:
            replanning.withdraw(self.plan, by=by, at=at)
        except replanning.TooLate:
            self.add_error(None, _now("This plan has been applied or withdrawn meanwhile."))
        return self.is_valid()


def _as_planned(plan: PlannedPrice) -> dict[str, Any]:
    end = getattr(plan, "end", None)
    amounts = {"amount": plan.amount, "compare_at": plan.compare_at}
    in_coins = {name: value and rounded(value, plan.currency) for name, value in amounts.items()}
    until = end.starts_at if end and not end.withdrawn_at else None
    return {**in_coins, "starts_at": plan.starts_at, "until": until, "reason": plan.reason}
