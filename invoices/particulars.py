"""What a seller's particulars must look like. Messages are for the settings form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_countries import countries
from stdnum import iban
from stdnum.eu import vat


def country_choices() -> list[tuple[str, str]]:
    """Every country, by its name in the reader's language."""
    return list(countries)


def check_vat_id(value: str) -> None:
    """A VAT id of a member state, check digit included. Nobody is asked whether it is in force."""
    if not vat.is_valid(value):
        raise ValidationError(
            _("This is not a VAT id of the EU. It begins with the country: DE136695976.")
        )


def check_iban(value: str) -> None:
    """An account number with the length of its country and the right check digits."""
    if not iban.is_valid(value):
        raise ValidationError(_("This is not an IBAN. Please compare it with your bank's."))


def missing_particulars(seller: Any) -> list[str]:
    """Which of the seller's particulars an e-invoice still needs, by their labels."""
    labels = {
        "name": _("legal name"),
        "street": _("street"),
        "postcode": _("postcode"),
        "city": _("city"),
        "country": _("country"),
        "vat_id": _("VAT id"),
    }
    return [label for name, label in labels.items() if not getattr(seller, name)]
