"""Amounts of money. Decimal in major units everywhere; a currency knows its own smallest coin."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency, get_currency_precision
from django.conf import settings
from django.utils.translation import get_language, to_locale


@lru_cache(maxsize=200)
def smallest_unit(currency: str) -> Decimal:
    """0.01 for EUR, 1 for JPY, 0.001 for KWD (CLDR's currency data)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """`amount` in whole smallest units, halves away from zero (commercial rounding, DIN 1333)."""
    return amount.quantize(smallest_unit(currency), rounding=ROUND_HALF_UP)


def share_out(whole: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split `whole` by weight into multiples of `unit` that add up (largest remainder).

    No part is more than its weight while `whole` is not more than all of them.
    """
    total = sum(weights)
    if not total:
        return [Decimal(0)] * len(weights)
    exact = [whole * weight / total for weight in weights]
    parts = [value.quantize(unit, rounding=ROUND_FLOOR) for value in exact]
    missing = int((whole - sum(parts)) / unit)
    by_remainder = sorted(range(len(parts)), key=lambda i: exact[i] - parts[i], reverse=True)
    for index in by_remainder[:missing]:
        parts[index] += unit
    return parts


def formatted(amount: Decimal, currency: str) -> str:
    """12.5 EUR is "€12.50" in English and "12,50 €" in German: the language that is active."""
    return spelled(amount, currency, get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=10_000)  # a shop has few prices, and prints them again and again
def spelled(amount: Decimal, currency: str, language: str) -> str:
    """As `formatted`, in a language that is named. Nothing is nothing, not minus nothing."""
    return format_currency(amount + 0, currency, locale=to_locale(language))
