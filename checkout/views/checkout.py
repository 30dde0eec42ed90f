"""From the cart to the payment page."""

import secrets
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cart.cart import Cart
from products import pictures

from .. import orders, payments, shipping
from ..forms import CheckoutForm
from ..gateways.protocol import GatewayError, GatewayUnavailable
from ..models import Order, PaymentAttempt
from ..totals import price_order
from . import placing

REFUSALS = (
    orders.SoldOut,
    orders.TotalChanged,
    placing.FormUsedUp,
    placing.OrderedElsewhere,
    GatewayUnavailable,
    OperationalError,  # somebody else held a lock for too long
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    """The one page of the checkout: shown, priced again (`refresh`), or placed."""
    cart = Cart(request.session)
    if not cart.lines:
        return redirect("cart:show")
    form = _form(request, cart)
    if request.method == "POST" and "refresh" not in request.POST and form.is_valid():
        try:
            return placing.place(request, form, cart)
        except orders.EmptyCart:
            return redirect("cart:show")
        except REFUSALS as refusal:
            form.add_error(None, _why(refusal))
            if not isinstance(refusal, OperationalError):
                form.show_again(key=_new_key())
    return render(request, "checkout/checkout.html", _page(form, cart))


@require_safe
@never_cache
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """The shopper returns from the payment page. What the address says is not believed."""
    order = get_object_or_404(Order, token=token)
    attempt = order.attempts.filter(reference=request.GET.get("session", "")).first()
    if attempt and attempt.state != PaymentAttempt.State.PAID:
        # Without an answer, or while the database is busy, the webhook or the sweep will tell.
        with suppress(GatewayError, OperationalError):
            payments.settle(attempt, at=timezone.now())
        order.refresh_from_db()
    response = HttpResponseRedirect(order.get_absolute_url())
    if order.status == Order.Status.PAID:
        placing.forget(request, order, response)
    return response


def _why(refusal: Exception) -> str:
    """The refusal in words for the shopper. Nothing was ordered, as far as we know."""
    match refusal:
        case orders.SoldOut():
            return _("Not enough left of: %(names)s.") % {"names": refusal}
        case orders.TotalChanged():
            return _("The total has changed. Please check it and order again.")
        case placing.FormUsedUp():
            return _("This order was closed meanwhile. Please check it and order again.")
        case placing.OrderedElsewhere():
            return _("You have just ordered in another window. Order again to replace that order.")
        case GatewayUnavailable():
            return _("We cannot reach the payment provider. Nothing was ordered; please try again.")
        case _:
            # The answer to a commit may have been lost: sent again, the form is the same order.
            return _("The shop is very busy. Please try again; you will not order twice.")


def _new_key() -> str:
    return secrets.token_urlsafe(16)


def _form(request: HttpRequest, cart: Cart) -> CheckoutForm:
    countries = shipping.countries()
    refresh = "refresh" in request.POST
    initial = {
        "country": settings.SHOP_COUNTRY,
        "key": _new_key(),
        **(request.POST.dict() if refresh else {}),
    }
    data = request.POST if request.method == "POST" and not refresh else None
    form = CheckoutForm(data, initial=initial, countries=countries)
    country = (data or initial).get("country", "")
    form.offer(
        shipping.quotes(
            country=country, grams=cart.grams, subtotal=cart.subtotal, currency=cart.currency
        )
        if country in countries
        else []
    )
    return form


def _page(form: CheckoutForm, cart: Cart) -> dict[str, Any]:
    """The form with the totals it is about to agree to, priced for the country and method in it."""
    entries = form.data if form.is_bound else form.initial
    offered = {str(way.method_id): way for way in form.quotes}
    way = offered.get(entries.get("shipping_method", "")) or next(iter(form.quotes), None)
    totals = None
    if way:
        totals = price_order(
            cart.lines,
            shipping=way,
            country=entries["country"],
            currency=cart.currency,
            at=timezone.now(),
        )
        form.show_again(shipping_method=way.method_id, seen_total=totals.total)
    pictures.load_renditions((line.offer.image for line in cart.lines), pictures.LINE)
    return {"form": form, "cart": cart, "totals": totals}
