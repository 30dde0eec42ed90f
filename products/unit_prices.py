"""What one kilogram, litre or metre costs, so that packs of different sizes can be compared.

Directive 98/6/EC, Art. 3; in Germany PAngV §§ 4 and 5.
"""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from django.conf import settings
from django.utils.translation import get_language, gettext, ngettext, to_locale

from .models.contents import ContentUnit
from .money import rounded


@dataclass(frozen=True)
class UnitPrice:
    """`amount` in major units for one `per`, a word of the active language: "kg"."""

    amount: Decimal
    per: str


def unit_price(
    price: Decimal, *, content: Decimal | None, unit: str, currency: str
) -> UnitPrice | None:
    """None if the contents are unknown, or one base unit: the price says it then."""
    if content is None or not unit:
        return None
    measure = ContentUnit(unit)
    in_base_units = content / measure.per_base
    if in_base_units == 1:
        return None
    per = gettext("piece") if measure is ContentUnit.PIECE else str(measure.base)
    return UnitPrice(rounded(price / in_base_units, currency), per)


def measured(content: Decimal, unit: str) -> str:
    """The contents as printed on the pack, in the active language: "0.75 l", "6 pieces"."""
    number = format_decimal(content, locale=to_locale(get_language() or settings.LANGUAGE_CODE))
    if unit == ContentUnit.PIECE:
        return ngettext("%(number)s piece", "%(number)s pieces", int(content)) % {"number": number}
    return f"{number} {unit}"
