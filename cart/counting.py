"""The number beside the cart link: a readable cookie, so that pages stay the same for everybody."""

from django.conf import settings
from django.http import HttpResponse

from .cart import Cart

COOKIE = "cart_count"


def show_count(response: HttpResponse, cart: Cart) -> None:
    """Let the browser know how many pieces are in the cart. Holds no secret: script may read it."""
    if cart.count:
        response.set_cookie(
            COOKIE,
            str(cart.count),
            max_age=settings.SESSION_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
