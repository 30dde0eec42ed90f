"""`{% load discovery %}`: what the head of a page tells machines."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from storefront.discovery import heads

register = template.Library()
# Text may hold "</script>" or "<!--": within a string of JSON both can be said without them.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&"}


@register.simple_tag(takes_context=True)
def head(context: template.Context) -> heads.Head:
    """Description, canonical address, preview and structured data of the page being rendered."""
    given: Any = context.flatten()  # by name, though the stubs know other keys
    return heads.head(given)


@register.filter
def json_ld(thing: dict[str, Any]) -> SafeString:
    """A thing of schema.org as the text of a `<script type="application/ld+json">`."""
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPES))  # noqa: S308 - escaped right here
