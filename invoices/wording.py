"""How a document says its figures: every amount, rate and day as a string of its language."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import to_locale


@lru_cache(maxsize=10_000)  # a shop has few prices, and prints them again and again
def money(amount: Decimal, currency: str, language: str) -> str:
    """An amount in major units as people write it: €12.00, 12,00 €; 0 for minus nothing too."""
    return format_currency(amount + 0, currency, locale=to_locale(language))


def percent(rate: Decimal | str, language: str) -> str:
    """A rate in percent without needless zeros: 19 %, 5.5 %."""
    return f"{format_decimal(Decimal(rate), '0.##', locale=to_locale(language))} %"


def day(moment: datetime, language: str) -> str:
    """The shop's calendar day of a moment."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return format_date(local.date(), "long", locale=to_locale(language))


def moment(at: datetime, language: str) -> str:
    """A moment on the shop's clock, with its zone."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    return format_datetime(local, "long", locale=to_locale(language))
