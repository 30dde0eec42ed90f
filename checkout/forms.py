"""The one page of the checkout."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_countries import countries as all_countries

from . import addresses
from .orders import Contact
from .shipping import Quote

ADDRESS_FIELDS = (
    "name", "company", "street", "extra", "postcode", "city", "region", "country", "phone",
)  # fmt: skip
# A line break in a name would end a mail header; a link would be clicked by whoever reads the mail.
one_plain_line = RegexValidator(
    re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|://|www\.", re.IGNORECASE),
    _("Please write this without links and line breaks."),
    inverse_match=True,
)


class LineField(forms.CharField):
    """One line of plain text."""

    default_validators = [one_plain_line]

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, "class": "field__input"})
        super().__init__(widget=widget, **kwargs)


class CheckoutForm(forms.Form):
    """Contact, shipping address, shipping method, terms."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("For the confirmation and your invoice."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "field__input"}),
    )
    name = LineField(label=_("Name"), max_length=120, autocomplete="shipping name")
    company = LineField(
        label=_("Company"), max_length=120, required=False, autocomplete="shipping organization"
    )
    street = LineField(
        label=_("Street and number"), max_length=200, autocomplete="shipping address-line1"
    )
    extra = LineField(
        label=_("Flat, floor, c/o"),
        max_length=200,
        required=False,
        autocomplete="shipping address-line2",
    )
    postcode = LineField(
        label=_("Postcode"), max_length=20, required=False, autocomplete="shipping postal-code"
    )
    city = LineField(
        label=_("Town"), max_length=100, required=False, autocomplete="shipping address-level2"
    )
    region = LineField(
        label=_("State, province or county"),
        max_length=100,
        required=False,
        autocomplete="shipping address-level1",
        help_text=_("Where addresses have one."),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        widget=forms.Select(attrs={"autocomplete": "shipping country", "class": "field__input"}),
    )
    phone = LineField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        autocomplete="shipping tel",
        help_text=_("Only for questions about the delivery."),
    )
    shipping_method = forms.TypedChoiceField(
        label=_("Shipping"), coerce=int, widget=forms.RadioSelect
    )
    terms = forms.BooleanField(
        label=_("I have read and accept the terms of sale."),
        error_messages={"required": _("Please accept the terms to place the order.")},
    )
    # Names this form: sent twice, it is still one order.
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    # What the shopper saw and agrees to. Compared, never used as a price.
    seen_total = forms.DecimalField(max_digits=14, decimal_places=3, widget=forms.HiddenInput)

    def __init__(self, *args: Any, countries: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(all_countries)
        by_name = sorted(((code, names[code]) for code in countries), key=lambda pair: pair[1])
        self._choose("country", by_name)

    def offer(self, quotes: Sequence[Quote]) -> None:
        """Offer these shipping methods. The form keeps the quotes for the template."""
        self.quotes = quotes
        self._choose("shipping_method", [(way.method_id, way.name) for way in quotes])

    def show_again(self, **values: Any) -> None:
        """Print these values, whatever was sent: a form that is shown again shows today's total."""
        if self.is_bound:
            data = cast(QueryDict, self.data).copy()
            for name, value in values.items():
                data[name] = value
            self.data = data
        self.initial.update(values)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "country" in cleaned:
            for field, problem in addresses.problems(cleaned).items():
                if field not in self.errors:
                    self.add_error(field, ValidationError(problem))
        return cleaned

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @property
    def contact(self) -> Contact:
        return Contact(email=self.cleaned_data["email"])

    @property
    def address(self) -> Mapping[str, str]:
        return {name: self.cleaned_data[name] for name in ADDRESS_FIELDS}

    @property
    def way(self) -> Quote:
        """The chosen shipping method, at the price of right now."""
        chosen = self.cleaned_data["shipping_method"]
        return next(way for way in self.quotes if way.method_id == chosen)

    @property
    def seen(self) -> Decimal:
        total: Decimal = self.cleaned_data["seen_total"]
        return total
