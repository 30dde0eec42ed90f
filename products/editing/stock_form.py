"""The form for goods that came, went, or were counted."""

from datetime import datetime

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from .. import stocking
from ..models import StockMovement, Variant
from .fields import MOST_PIECES

Reason = StockMovement.Reason
# The other reasons are an order's own.
BY_HAND = (Reason.RECEIVED, Reason.COUNTED, Reason.DAMAGED)


class StockForm(forms.Form):
    """Goods of one variant that came, went, or were counted."""

    reason = forms.ChoiceField(
        label=_("What happened"),
        choices=[(reason, reason.label) for reason in BY_HAND],
    )
    change = forms.IntegerField(
        label=_("Change"),
        min_value=-MOST_PIECES,
        max_value=MOST_PIECES,
        help_text=_("How many more there are now; fewer with a minus."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    title = _("Book a stock movement")
    button = _("Book the movement")

    def clean(self) -> None:
        reason, change = self.cleaned_data.get("reason"), self.cleaned_data.get("change")
        if change == 0:
            self.add_error("change", _("Nothing changes by 0."))
        elif change and reason == Reason.RECEIVED and change < 0:
            self.add_error("change", _("Goods received are more, not fewer."))
        elif change and reason == Reason.DAMAGED and change > 0:
            self.add_error("change", _("Damaged or lost goods are fewer: write a minus."))

    def apply(self, variant: Variant, *, by: User, at: datetime) -> bool:
        """False, and an error on the form, if promised goods would be taken away."""
        try:
            stocking.adjust(variant.pk, by=by, at=at, **self.cleaned_data)
        except stocking.NotEnough:
            self.add_error(
                "change",
                _("Fewer than that are free: the rest is promised to orders."),
            )
            return False
        return True
