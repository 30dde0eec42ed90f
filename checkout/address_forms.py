"""The questions of an address, asked once for the parcel and perhaps again for the invoice."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django_countries import countries as all_countries

from mailing.plain import one_line

from . import addresses
from .tax import vat_ids

# A line break in a name would end a mail header; a link would be clicked by whoever reads the mail.
one_plain_line = RegexValidator(
    re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|://|www\.", re.IGNORECASE),
    _("Please write this without links and line breaks."),
    inverse_match=True,
)


class LineField(forms.CharField):
    """One line of plain text; `autocomplete` tells browsers what it is, without its section."""

    default_validators = [one_plain_line]

    def clean(self, value: Any) -> str:
        """Without marks that nobody sees; of nothing else there is no name."""
        text = one_line(super().clean(value))
        if any(unicodedata.category(character)[0] not in "CZ" for character in text):
            return text
        if self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return ""

    def __init__(self, *, autocomplete: str = "off", **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, "class": "field__input"})
        super().__init__(widget=widget, **kwargs)


class VatIdField(LineField):
    """A VAT id as the register writes it; empty for a consumer."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return vat_ids.normalised(text) if text else ""
        except vat_ids.NoVatId:
            raise ValidationError(
                _("This is no VAT id of the EU. It begins with the country: DE136695976.")
            ) from None


class CountryField(forms.ChoiceField):
    """One of the `countries` (ISO codes)."""

    def offer(self, countries: Collection[str]) -> None:
        """Offer these, by name."""
        self._countries = countries
        # A function: naming and sorting all the world's countries is for who is shown the list.
        self.choices = partial(_by_name, countries)

    def valid_value(self, value: str) -> bool:
        return value in self._countries


class AddressForm(forms.Form):
    """Who lives where. What an address needs depends on its country."""

    section = "shipping"
    ADDRESS_FIELDS: tuple[str, ...] = (
        "name", "company", "street", "extra", "postcode", "city", "region", "country", "phone",
    )  # fmt: skip

    name = LineField(label=_("Name"), max_length=120, autocomplete="name")
    company = LineField(
        label=_("Company"), max_length=120, required=False, autocomplete="organization"
    )
    street = LineField(label=_("Street and number"), max_length=200, autocomplete="address-line1")
    extra = LineField(
        label=_("Flat, floor, c/o"), max_length=200, required=False, autocomplete="address-line2"
    )
    postcode = LineField(
        label=_("Postcode"), max_length=20, required=False, autocomplete="postal-code"
    )
    city = LineField(label=_("Town"), max_length=100, required=False, autocomplete="address-level2")
    region = LineField(
        label=_("State, province or county"),
        max_length=100,
        required=False,
        autocomplete="address-level1",
        help_text=_("Where addresses have one."),
    )
    country = CountryField(
        label=_("Country"),
        widget=forms.Select(attrs={"autocomplete": "country", "class": "field__input"}),
    )
    phone = LineField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        autocomplete="tel",
        help_text=_("Only for questions about the delivery."),
    )

    def __init__(self, *args: Any, countries: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(CountryField, self.fields["country"]).offer(countries)
        for name in self.ADDRESS_FIELDS:
            attrs = self.fields[name].widget.attrs
            attrs["autocomplete"] = f"{self.section} {attrs['autocomplete']}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "country" in cleaned:
            for field, problem in addresses.problems(cleaned).items():
                if field not in self.errors:
                    self.add_error(field, ValidationError(problem))
        return cleaned

    @property
    def address(self) -> Mapping[str, str]:
        return {name: self.cleaned_data[name] for name in self.ADDRESS_FIELDS}


def _by_name(countries: Collection[str]) -> list[tuple[str, str]]:
    named = ((code, str(all_countries.name(code))) for code in countries)
    return sorted(named, key=lambda pair: pair[1])


class BillingForm(AddressForm):
    """Who gets the invoice, if not the one who gets the parcel. Asked under names of its own."""

    section = "billing"
    title = _("Billing address")  # names its fields where they are listed beside others
    prefix = "billing"
    ADDRESS_FIELDS = AddressForm.ADDRESS_FIELDS[:-1]
    phone = None  # type: ignore[assignment]  # Django's way to leave an inherited field out

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any]) -> None:
        mine = f"{self.prefix}-"
        own = {
            name.removeprefix(mine): value
            for name, value in initial.items()
            if name.startswith(mine)
        }
        start = {"country": initial.get("country", "")}
        super().__init__(data, initial=start | own, countries=tuple(all_countries.countries))
