"""Which goods of an order come back: so many pieces of a line, and whether they go on the shelf."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from ..models import Order, RefundLine
from ..money_back import returns
from ..money_back.returns import Back, LineLeft, TooMuch


@dataclass(frozen=True)
class Row:
    """A line of the order with its two fields."""

    left: LineLeft
    quantity: forms.BoundField
    restock: forms.BoundField


class LinesForm(forms.Form):
    """Two fields for each line of which something is left."""

    # One form, however often it is sent, is one refund or one note.
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any = None, *, order: Order, whole: bool) -> None:
        self.order = order
        self.lines = [one for one in returns.lines_left(order) if one.quantity]
        filled = self._all_lines() if whole else {}
        super().__init__(data, initial={"key": uuid4().hex, **filled})
        for one in self.lines:
            self._add_line(one)

    @property
    def rows(self) -> Iterator[Row]:
        """The lines that are not all gone yet."""
        for one in self.lines:
            yield Row(one, self[f"quantity_{one.line.pk}"], self[f"restock_{one.line.pk}"])

    @property
    def wanted(self) -> Mapping[int, Back]:
        """How many of which line, as `refunding` and `goods_back` take it. The form is valid."""
        return {
            one.line.pk: Back(quantity, self.cleaned_data[f"restock_{one.line.pk}"])
            for one in self.lines
            if (quantity := self.cleaned_data.get(f"quantity_{one.line.pk}") or 0)
        }

    def parts(self) -> list[RefundLine]:
        """What is wanted, as unsaved rows. Raises ValidationError if a colleague was faster."""
        try:
            return returns.parts(self.order, self.wanted)
        except TooMuch as too_much:
            raise forms.ValidationError(
                _("Fewer than that are left of: %(name)s.") % {"name": too_much}
            ) from too_much

    def _all_lines(self) -> dict[str, Any]:
        unsent = self.order.status == Order.Status.PAID
        initial: dict[str, Any] = {}
        for one in self.lines:
            initial[f"quantity_{one.line.pk}"] = one.quantity
            initial[f"restock_{one.line.pk}"] = unsent  # it never left the shelf's side
        return initial

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
