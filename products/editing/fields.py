"""Form fields that several screens share."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from babel.core import get_global
from babel.numbers import get_currency_name, get_currency_precision
from django import forms
from django.conf import settings
from django.core.validators import DecimalValidator, MaxValueValidator, MinValueValidator
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

# Of one entry. Far above any shelf, far below what the database can count.
MOST_PIECES = 1_000_000
# Outside of these nobody plans, and the calendar of some time zones ends a day before others'.
MOMENTS: list[Callable[[Any], None]] = [
    MinValueValidator(datetime(2000, 1, 1, tzinfo=UTC), message=_("Choose a date after 1999.")),
    MaxValueValidator(datetime(2100, 1, 1, tzinfo=UTC), message=_("Choose a date before 2100.")),
]


def price_field(currency: str = "", **options: Any) -> forms.DecimalField:
    """An amount of `currency`, else the shop's own, in whole smallest units: no half cents."""
    places = get_currency_precision(currency or settings.SHOP_CURRENCY)
    return forms.DecimalField(min_value=0, max_digits=9 + places, decimal_places=places, **options)


def whole_coins(amount: Decimal, currency: str) -> None:
    """Raises ValidationError for parts of the smallest unit, in the words of `price_field`."""
    places = get_currency_precision(currency)
    DecimalValidator(9 + places, places)(amount)


def currencies_in_use() -> list[tuple[str, str]]:
    """The currencies somebody in the world pays with today, with their names, as choices."""
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    codes = {
        code
        for used in get_global("territory_currencies").values()
        for code, _since, until, is_tender in used
        if is_tender and until is None
    }
    return [(code, f"{code} – {get_currency_name(code, locale=locale)}") for code in sorted(codes)]


class MomentField(forms.DateTimeField):
    """A date and a time in the editor's own time zone, picked with the browser's calendar."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_validators = MOMENTS
