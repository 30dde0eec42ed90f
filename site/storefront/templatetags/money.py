"""`{% load money %}`: amounts in the words of the reader's language."""

from decimal import Decimal

from django import template
from django.conf import settings

from products.money import formatted

register = template.Library()


@register.filter
def money(amount: Decimal, currency: str = "") -> str:
    """`{{ amount|money:order.currency }}`; without a currency, the shop's own."""
    return formatted(amount, currency or settings.SHOP_CURRENCY)
