"""`{% load prices %}`: what must stand beside a price."""

from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from ..money import rounded

register = template.Library()


@register.simple_tag
def tax_note() -> str:
    """Whether prices contain VAT, and that shipping comes on top. No query."""
    if settings.PRICES_INCLUDE_TAX:
        return _("incl. VAT, plus shipping")
    return _("plus VAT and shipping")


@register.simple_tag
def all_prices_note() -> str:
    """The same as a sentence, for the foot of every page."""
    if settings.PRICES_INCLUDE_TAX:
        return _("All prices include VAT and exclude shipping.")
    return _("All prices exclude VAT and shipping.")


@register.filter
def plain(amount: Decimal | None, currency: str) -> str:
    """An amount as it is typed into a field: "12.50"."""
    return "" if amount is None else str(rounded(amount, currency))
