"""The small forms of an order's page."""

from django import forms
from django.utils.translation import gettext_lazy


class NoteForm(forms.Form):
    """A line for the timeline."""

    text = forms.CharField(
        label=gettext_lazy("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ShipForm(forms.Form):
    """The parcel is on its way."""

    tracking = forms.CharField(
        label=gettext_lazy("Tracking number, if there is one"), max_length=100, required=False
    )


class DecisionForm(forms.Form):
    """What became of a refund that the provider never answered."""

    reason = forms.CharField(
        label=gettext_lazy("How it was given instead, or why it is not"), max_length=200
    )


class ReasonForm(forms.Form):
    """Why, in the words of whoever decides it."""

    reason = forms.CharField(label=gettext_lazy("What you found out"), max_length=200)
