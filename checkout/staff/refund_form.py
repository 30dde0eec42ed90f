"""What staff want to give back: pieces of lines, shipping, or just an amount."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from products.money import formatted, smallest_unit

from ..models import Order
from ..money_back import returns
from ..money_back.returns import Back, LineLeft, TooMuch


@dataclass(frozen=True)
class Row:
    """A line of the order with its two fields."""

    left: LineLeft
    quantity: forms.BoundField
    restock: forms.BoundField


class RefundForm(forms.Form):
    """A valid form knows its `amount`: what all of it comes to, gross, in the order's currency."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The customer reads it on the credit note."),
        max_length=200,
    )
    # One form, however often it is sent, is one refund.
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    # What was shown before the last button was pressed.
    seen = forms.DecimalField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, order: Order, left: Decimal, whole: bool) -> None:
        self.order, self.left, self.amount = order, left, Decimal(0)
        self.lines = [one for one in returns.lines_left(order) if one.quantity]
        shipping = returns.shipping_left(order)
        super().__init__(data, initial=self._initial(shipping, whole=whole))
        for one in self.lines:
            self._add_line(one)
        self._add_amount("shipping", _("Shipping"), most=shipping)
        self._add_amount("other", _("Another amount in all"), most=left)
        self.fields["other"].help_text = _(
            "Leave it empty to give back what goods and shipping come to. With more than that the "
            "rest is goodwill, with less it is a deduction."
        )

    @property
    def rows(self) -> Iterator[Row]:
        """The lines that are not all gone yet."""
        for one in self.lines:
            yield Row(one, self[f"quantity_{one.line.pk}"], self[f"restock_{one.line.pk}"])

    @property
    def wanted(self) -> Mapping[int, Back]:
        """How many of which line, as `refunding.order_refund` takes it. The form is valid."""
        return {
            one.line.pk: Back(quantity, self.cleaned_data[f"restock_{one.line.pk}"])
            for one in self.lines
            if (quantity := self.cleaned_data.get(f"quantity_{one.line.pk}") or 0)
        }

    @property
    def shipping(self) -> Decimal:
        return self.cleaned_data.get("shipping") or Decimal(0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            parts = returns.parts(self.order, self.wanted)
        except TooMuch as too_much:  # a colleague was faster
            raise forms.ValidationError(
                _("Fewer than that are left of: %(name)s.") % {"name": too_much}
            ) from too_much
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

    def _initial(self, shipping: Decimal, *, whole: bool) -> dict[str, Any]:
        initial: dict[str, Any] = {"key": uuid4().hex}
        if not whole:
            return initial
        unsent = self.order.status == Order.Status.PAID
        for one in self.lines:
            initial[f"quantity_{one.line.pk}"] = one.quantity
            initial[f"restock_{one.line.pk}"] = unsent  # it never left the shelf's side
        worth = sum((one.amount for one in self.lines), shipping)
        other = self.left if worth != self.left else None
        return initial | {"shipping": self._coins(shipping), "other": other and self._coins(other)}

    def _add_line(self, one: LineLeft) -> None:
        name = one.line.full_name
        self.fields[f"quantity_{one.line.pk}"] = forms.IntegerField(
            label=_("How many of %(name)s") % {"name": name},
            min_value=0,
            max_value=one.quantity,
            required=False,
        )
        self.fields[f"restock_{one.line.pk}"] = forms.BooleanField(
            label=_("%(name)s goes back on the shelf") % {"name": name}, required=False
        )

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
