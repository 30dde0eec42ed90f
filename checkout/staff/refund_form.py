"""What staff want to give back: pieces of lines, shipping, or just an amount."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.money import formatted, smallest_unit

from ..models import Order
from ..money_back import returns
from .lines_form import LinesForm


class RefundForm(LinesForm):
    """A valid form knows its `amount`: what all of it comes to, gross, in the order's currency."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The customer reads it on the credit note."),
        max_length=200,
    )
    # What was shown before the last button was pressed.
    seen = forms.DecimalField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, order: Order, left: Decimal, whole: bool) -> None:
        self.left, self.amount = left, Decimal(0)
        super().__init__(data, order=order, whole=whole)
        shipping = returns.shipping_left(order)
        if whole:
            self.initial = {**self.initial, **self._all_money(shipping)}
        self._add_amount("shipping", _("Shipping"), most=shipping)
        self._add_amount("other", _("Another amount in all"), most=left)
        self.fields["other"].help_text = _(
            "Leave it empty to give back what goods and shipping come to. With more than that the "
            "rest is goodwill, with less it is a deduction."
        )

    @property
    def shipping(self) -> Decimal:
        return self.cleaned_data.get("shipping") or Decimal(0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        parts = self.parts()
        other = data.get("other")
        self.amount = returns.worth(parts, self.shipping) if other is None else other
        if self.amount <= 0:
            raise forms.ValidationError(_("Nothing is chosen yet."))
        if self.amount > self.left:
            left = formatted(self.left, self.order.currency)
            raise forms.ValidationError(
                _("That is more than the %(left)s that are left.") % {"left": left}
            )
        return data

    def _all_money(self, shipping: Decimal) -> dict[str, Any]:
        worth = sum((one.amount for one in self.lines), shipping)
        other = self.left if worth != self.left else None
        return {"shipping": self._coins(shipping), "other": other and self._coins(other)}

    def _add_amount(self, name: str, label: str, *, most: Decimal) -> None:
        self.fields[name] = forms.DecimalField(
            label=label,
            min_value=Decimal(0),
            max_value=self._coins(most),
            decimal_places=-int(self._coin.as_tuple().exponent),
            required=False,
        )

    @property
    def _coin(self) -> Decimal:
        return smallest_unit(self.order.currency)

    def _coins(self, amount: Decimal) -> Decimal:
        return amount.quantize(self._coin)
