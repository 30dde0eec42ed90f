"""The cart in templates, made only when a template asks for it."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .cart import Cart


def cart(request: HttpRequest) -> dict[str, Any]:
    """`cart`: lazy, so that a page without it touches no session and can be cached."""
    return {"cart": SimpleLazyObject(lambda: Cart(request.session))}
