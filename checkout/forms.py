"""The one page of the checkout."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from . import addresses
from .address_forms import AddressForm, BillingForm, VatIdField
from .orders.placing import Contact
from .shipping import Quote


class CheckoutForm(AddressForm):
    """Contact, shipping address, perhaps another for the invoice, shipping method, terms."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("For the confirmation and your invoice."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "field__input"}),
    )
    vat_id = VatIdField(
        label=_("VAT id"),
        max_length=40,
        required=False,
        help_text=_("Of a company in the EU."),
    )
    bill_elsewhere = forms.BooleanField(label=_("Bill to another address"), required=False)
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

    field_order = ("email", "country", "name", "company", "vat_id")

    def __init__(self, data: Any, *, initial: Mapping[str, Any], countries: Sequence[str]) -> None:
        super().__init__(data, initial=dict(initial), countries=countries)

    @cached_property
    def billing(self) -> BillingForm:
        """Not judged unless it is wanted, but kept as it was typed."""
        sent = self.data if self.is_bound else None
        wanted = sent is not None and "bill_elsewhere" in sent
        return BillingForm(sent if wanted else None, initial=sent or self.initial)

    def offer(self, quotes: Sequence[Quote]) -> None:
        """Offer these shipping methods. The form keeps the quotes for the template."""
        self.quotes = quotes
        method = cast(forms.ChoiceField, self.fields["shipping_method"])
        method.choices = [(way.method_id, way.name) for way in quotes]

    def show_again(self, **values: Any) -> None:
        """Print these values, whatever was sent: a form that is shown again shows today's total."""
        if self.is_bound:
            data = cast(QueryDict, self.data).copy()
            for name, value in values.items():
                data[name] = value
            self.data = data
        self.initial.update(values)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("bill_elsewhere") and not self.billing.is_valid():
            self.add_error(None, _("The billing address is not complete."))
        return cleaned

    def visible_fields(self) -> list[forms.BoundField]:
        """Those of the billing address too, so that its errors are listed with the others."""
        return [*super().visible_fields(), *self.billing.visible_fields()]

    @property
    def asks_region(self) -> bool:
        """Do addresses of the country that is chosen have one?"""
        return addresses.have_regions(str(self["country"].value() or ""))

    @property
    def is_for_company(self) -> bool:
        """Was anything said of a company, right or wrong?"""
        return any(self[name].value() or self[name].errors for name in ("company", "vat_id"))

    @property
    def contact(self) -> Contact:
        return Contact(email=self.cleaned_data["email"], vat_id=self.cleaned_data["vat_id"])

    @property
    def billing_address(self) -> Mapping[str, str] | None:
        """None: the same as the shipping address."""
        return self.billing.address if self.cleaned_data["bill_elsewhere"] else None

    @property
    def way(self) -> Quote:
        """The chosen shipping method, at the price of right now."""
        chosen = self.cleaned_data["shipping_method"]
        return next(way for way in self.quotes if way.method_id == chosen)

    @property
    def seen(self) -> Decimal:
        total: Decimal = self.cleaned_data["seen_total"]
        return total
