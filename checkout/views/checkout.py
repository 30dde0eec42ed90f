"""From the cart to the payment page."""

import secrets
from contextlib import suppress
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cart.cart import Cart
from cart.counting import show_count

from .. import orders, payments, shipping
from ..forms import CheckoutForm
from ..gateways.protocol import GatewayError, GatewayUnavailable
from ..models import Order
from ..totals import price_order

SESSION_KEY = "order"  # the token of the order this visitor placed last


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def checkout(request: HttpRequest) -> HttpResponse:
    cart = Cart(request.session)
    if not cart.lines:
        return redirect("cart:show")
    form = _form(request, cart)
    if request.method == "POST" and "refresh" not in request.POST and form.is_valid():
        try:
            return _place(request, form, cart)
        except orders.EmptyCart:
            return redirect("cart:show")
        except orders.SoldOut as sold_out:
            form.add_error(None, _("Not enough left of: %(names)s.") % {"names": sold_out})
        except orders.TotalChanged:
            form.add_error(None, _("The total has changed. Please check it and order again."))
        except GatewayUnavailable:
            form.add_error(
                None,
                _("We cannot reach the payment provider. Nothing was ordered; please try again."),
            )
    return render(request, "checkout/checkout.html", _page(form, cart))


@require_safe
@never_cache
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """The shopper returns from the payment page. What the address says is not believed."""
    order = get_object_or_404(Order, token=token)
    attempt = order.attempts.filter(reference=request.GET.get("session", "")).first()
    if attempt:
        with suppress(GatewayError):  # then the webhook or the sweep will tell
            payments.settle(attempt, at=timezone.now())
        order.refresh_from_db()
    response = HttpResponseRedirect(order.get_absolute_url())
    if order.status == Order.Status.PAID:
        _forget(request, order, response)
    return response


def to_payment(request: HttpRequest, order: Order) -> HttpResponse:
    """Send the shopper to the payment page, or back to the order with the reason why not."""
    try:
        attempt = payments.start(order, at=timezone.now())
    except payments.NotPayable:
        return redirect(order)
    except GatewayError:
        messages.error(
            request,
            _("The payment page could not be opened. Your order is kept; please try again."),
        )
        return redirect(order)
    target = attempt.url or order.get_absolute_url()
    return HttpResponseRedirect(target, status=303)


def _place(request: HttpRequest, form: CheckoutForm, cart: Cart) -> HttpResponse:
    now = timezone.now()
    key = sha256(f"{request.session.session_key}:{form.cleaned_data['key']}".encode()).hexdigest()
    if earlier := _settled_earlier(request, key, cart):
        messages.info(request, _("You have already paid this order."))
        response = redirect(earlier)
        _forget(request, earlier, response)
        return response
    order = orders.place_order(
        cart=cart,
        contact=form.contact,
        address=form.address,
        shipping=form.way,
        seen_total=form.seen,
        key=key,
        at=now,
    )
    request.session[SESSION_KEY] = order.token
    return to_payment(request, order)


def _settled_earlier(request: HttpRequest, key: str, cart: Cart) -> Order | None:
    """Close the unpaid order this visitor left behind, so that one cart is never payable twice.

    Returns that order if its money came after all, or is on its way.
    """
    token = request.session.get(SESSION_KEY)
    earlier = Order.objects.filter(token=token).first() if token else None
    if earlier is None or earlier.placement_key == key:
        return None
    if earlier.status == Order.Status.PLACED:
        earlier = payments.cancel(earlier, at=timezone.now())
        return earlier if earlier.status in (Order.Status.PLACED, Order.Status.PAID) else None
    same = {line.sku: line.quantity for line in earlier.lines.all()} == {
        line.offer.sku: line.quantity for line in cart.lines
    }
    return earlier if earlier.status == Order.Status.PAID and same else None


def _forget(request: HttpRequest, order: Order, response: HttpResponse) -> None:
    """The order is paid: empty the cart if it is still that order's."""
    cart = Cart(request.session)
    cart.empty_if_equal({line.sku: line.quantity for line in order.lines.all()})
    if request.session.get(SESSION_KEY) == order.token:
        del request.session[SESSION_KEY]
    show_count(response, cart)


def _form(request: HttpRequest, cart: Cart) -> CheckoutForm:
    countries = shipping.countries()
    refresh = "refresh" in request.POST
    initial = {
        "country": settings.SHOP_COUNTRY,
        "key": secrets.token_urlsafe(16),
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
    chosen = str(form["shipping_method"].value() or "")
    offered = {str(way.method_id): way for way in form.quotes}
    way = offered.get(chosen) or next(iter(form.quotes), None)
    totals = None
    if way:
        totals = price_order(
            cart.lines,
            shipping=way,
            country=form["country"].value(),
            currency=cart.currency,
            at=timezone.now(),
        )
        form.show_again(shipping_method=way.method_id, seen_total=totals.total)
    return {"form": form, "cart": cart, "totals": totals}
