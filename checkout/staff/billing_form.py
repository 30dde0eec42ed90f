"""What an invoice says about its buyer, to be put right."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries as all_countries

from invoices.models import Invoice

from ..address_forms import AddressForm, LineField, VatIdField
from ..models import Order


class BillAgainForm(AddressForm):
    """Whom to bill, and why again. Any country: where the goods went decides about the VAT."""

    ADDRESS_FIELDS = AddressForm.ADDRESS_FIELDS[:-1]
    phone = None  # type: ignore[assignment]  # Django's way to leave an inherited field out

    vat_id = VatIdField(
        label=_("VAT id"),
        max_length=40,
        required=False,
        help_text=_("Another one is checked with the register, if no VAT was charged."),
    )
    reason = LineField(
        label=_("Reason"),
        help_text=_("The customer reads it on the cancellation."),
        max_length=200,
    )
    # One form, however often it is sent, cancels one invoice: the one that was seen.
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    instead_of = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any, *, order: Order, invoice: Invoice) -> None:
        billed = {name: str(getattr(order.billed_to, name)) for name in self.ADDRESS_FIELDS}
        mine = {"vat_id": order.vat_id, "key": uuid4().hex, "instead_of": invoice.number}
        super().__init__(data, initial=billed | mine, countries=tuple(all_countries.countries))
        for name in self.ADDRESS_FIELDS:
            # Browsers would fill in the staff's own address.
            self.fields[name].widget.attrs["autocomplete"] = "off"
