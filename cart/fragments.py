"""Parts of the cart for a page that is already on the screen. Script asks, and swaps them in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .cart import Cart
from .forms import CouponForm


def is_wanted(request: HttpRequest) -> bool:
    """Whether script sent this and will swap a part of its page.

    Only what is sent can be answered with a part: whoever asks for an address gets its page, so
    that browser histories and caches keep one thing for each.
    """
    return request.method == "POST" and request.headers.get("HX-Request") == "true"


def contents(request: HttpRequest, cart: Cart, form: CouponForm | None = None) -> HttpResponse:
    """What the cart page shows below its heading, with what there is to say about it."""
    context = {"cart": cart, "coupon_form": form or CouponForm()}
    return render(request, "cart/contents.html", context)


def confirmation(request: HttpRequest, cart: Cart, sku: str = "") -> HttpResponse:
    """What was put into the cart, or the messages that say why nothing was."""
    line = next((line for line in cart.lines if line.offer.sku == sku), None)
    return render(request, "cart/confirmation.html", {"cart": cart, "line": line})
