"""`{% load staff_desk %}`: how the staff's screens write states, events and messages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mailing.kinds import in_words
from mailing.models import Message

from ..models import Order, OrderEvent
from ..staff.timeline import details

register = template.Library()


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
def message_title(message: Message) -> str:
    """Its subject; until a worker has written that, its kind: order_received → Order received."""
    return message.subject or in_words(message.kind)


def _pill(kind: str, words: str) -> SafeString:
    return format_html('<span class="pill pill--{}">{}</span> ', kind, words)
