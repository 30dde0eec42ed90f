"""Form fields that several screens share."""

from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.conf import settings

# Of one entry. Far above any shelf, far below what the database can count.
MOST_PIECES = 1_000_000


def price_field(**options: Any) -> forms.DecimalField:
    """An amount of the shop's currency, gross, in whole smallest units: no half cents."""
    places = get_currency_precision(settings.SHOP_CURRENCY)
    return forms.DecimalField(min_value=0, max_digits=9 + places, decimal_places=places, **options)
