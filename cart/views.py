"""Looking at the cart and changing it. Every form here works without script."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe
from limits import RateLimitItemPerMinute

from . import fragments, limiting
from .cart import MAX_LINES, MAX_PER_LINE, Cart, NotForSale, TooMany
from .counting import COOKIE, show_count
from .coupons import DoesNotApply, NotValid
from .forms import AddForm, CouponForm, QuantityForm
from .origin import from_our_own_pages

# Nobody mistypes a code more often; a machine that guesses needs millions.
WRONG_CODES = limiting.Limit("wrong coupon codes", RateLimitItemPerMinute(10, 10))


@require_safe
@never_cache
@gzip_page
def show(request: HttpRequest) -> HttpResponse:
    """The cart at the prices of right now, with what has changed since the shopper looked."""
    return _page(request, Cart(request.session), CouponForm())


@require_POST
@from_our_own_pages
def add(request: HttpRequest) -> HttpResponse:
    """Put a variant into the cart, or say why not. Leads to the cart, or stays on the page."""
    form = AddForm(request.POST)
    cart = Cart(request.session)
    if not form.is_valid():
        _tell_errors(request, form)
        return _after_adding(request, cart)
    try:
        cart.add(**form.cleaned_data)
    except NotForSale:
        messages.error(request, _("This product is not for sale at the moment."))
    except TooMany as limit:
        messages.error(request, _limit_text(limit))
    else:
        return _after_adding(request, cart, form.cleaned_data["sku"])
    return _after_adding(request, cart)


@require_POST
def update(request: HttpRequest) -> HttpResponse:
    """Want another quantity of a line; none takes it out."""
    form = QuantityForm(request.POST)
    cart = Cart(request.session)
    if not form.is_valid():
        _tell_errors(request, form)
        return _to_cart(request, cart)
    try:
        cart.set_quantity(**form.cleaned_data)
    except TooMany as limit:
        messages.error(request, _limit_text(limit))
    return _to_cart(request, cart)


@require_POST
def acknowledge(request: HttpRequest) -> HttpResponse:
    """The shopper has read what changed."""
    cart = Cart(request.session)
    cart.acknowledge()
    return _to_cart(request, cart)


@require_POST
@never_cache
def apply_coupon(request: HttpRequest) -> HttpResponse:
    """Take a code off the prices; or show the cart again, with the code and why it does not."""
    cart, form = Cart(request.session), CouponForm(request.POST)
    if form.is_valid():
        if not (problem := _refusal(request, cart, form.cleaned_data["code"])):
            return _to_cart(request, cart)
        form.add_error("code", problem)
    return _page(request, cart, form)


@require_POST
def remove_coupon(request: HttpRequest) -> HttpResponse:
    """Pay the full price again."""
    cart = Cart(request.session)
    cart.remove_coupon()
    return _to_cart(request, cart)


def _refusal(request: HttpRequest, cart: Cart, code: str) -> str:
    """Apply the code; why not, in words, if it does not apply. Counts wrong codes."""
    clients = [*limiting.session(request), *limiting.address(request)]
    if WRONG_CODES.is_reached(clients):
        return _("Too many codes were wrong. Please try again in ten minutes.")
    try:
        cart.apply_coupon(code)
    except NotValid as why:
        WRONG_CODES.count(clients)
        return str(why)
    except DoesNotApply as why:
        return str(why)
    return ""


def _page(request: HttpRequest, cart: Cart, form: CouponForm) -> HttpResponse:
    if form.errors:
        form.fields["code"].widget.attrs["autofocus"] = True  # the reader starts here
    if fragments.is_wanted(request):
        return fragments.contents(request, cart, form)
    response = render(request, "cart/cart.html", {"cart": cart, "coupon_form": form})
    if COOKIE in request.COOKIES:  # perhaps of a cart that has gone
        show_count(response, cart)
    return response


def _after_adding(request: HttpRequest, cart: Cart, added: str = "") -> HttpResponse:
    """`added`: which SKU; none if a message says why not."""
    if fragments.is_wanted(request):
        response = fragments.confirmation(request, cart, added)
        show_count(response, cart)
        return response
    if added:
        messages.success(request, _("Added to your cart."))
    return _to_cart(request, cart)


def _to_cart(request: HttpRequest, cart: Cart) -> HttpResponse:
    if fragments.is_wanted(request):
        response = fragments.contents(request, cart)
    else:
        response = redirect("cart:show")
        response.status_code = 303
    show_count(response, cart)
    return response


def _tell_errors(request: HttpRequest, form: forms.Form) -> None:
    for errors in form.errors.values():
        messages.error(request, str(errors[0]))


def _limit_text(limit: TooMany) -> str:
    if str(limit) == "line":
        return _("You can order %(most)s of one product at most.") % {"most": MAX_PER_LINE}
    return _("A cart holds %(most)s different products at most.") % {"most": MAX_LINES}
