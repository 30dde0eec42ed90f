"""How the staff's screens write amounts, states and events."""

from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from ..models import Order, OrderEvent
from ..staff.timeline import details

register = template.Library()


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """€29.90, as the language of the screen writes it. `amount` in major units."""
    language = get_language() or settings.LANGUAGE_CODE
    return format_currency(amount, currency, locale=to_locale(language))


@register.filter
def state_pill(order: Order) -> SafeString:
    """The order's state, and its hold if it has one: a coloured word each."""
    state = _pill(order.status, order.get_status_display())
    return state + _pill("hold", order.get_hold_display()) if order.hold else state


@register.filter
def event_details(event: OrderEvent) -> list[tuple[str, str]]:
    """What an event adds to its name: (label, value), the label may be empty."""
    return details(event)


@register.filter
def as_words(name: str) -> str:
    """order_received → Order received: what a message is called before its subject is written."""
    return name.replace("_", " ").capitalize()


def _pill(kind: str, words: str) -> SafeString:
    return format_html('<span class="pill pill--{}">{}</span> ', kind, words)
