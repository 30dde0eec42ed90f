"""VAT ids: what they look like, and which state gave them. Nobody is asked here."""

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

# Numbers of the one-stop shop for sellers from elsewhere: they name no business in a member state.
NO_STATES = frozenset({"EU", "IM"})


class NoVatId(ValueError):
    """This is not the VAT id of a member state: other letters, other length, wrong check digit."""


def normalised(text: str) -> str:
    """A VAT id without blanks and dots, as the register writes it: EL for Greece.

    Raises NoVatId. A well-formed id need not be in force.
    """
    try:
        number = vat.validate(text)
    except ValidationError as error:
        raise NoVatId(text) from error
    if number[:2] in NO_STATES:
        raise NoVatId(text)
    return f"EL{number[2:]}" if number.startswith("GR") else number


def state(vat_id: str) -> str:
    """The state (ISO code, or XI) that gave a normalised id."""
    prefix = vat_id[:2]
    return "GR" if prefix == "EL" else prefix
