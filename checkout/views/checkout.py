"""From the cart to the payment page."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from cart.cart import Cart

from .. import shipping
from ..forms import CheckoutForm
from ..gateways import deadline
from ..orders import placing, redeeming
from ..orders.totals import Totals, price_order
from ..tax import vat_ids
from ..tax.taxation import Destination
from . import ordering
from .refusals import REFUSALS, why


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@gzip_page
@deadline.within(deadline.PATIENCE)
def checkout(request: HttpRequest) -> HttpResponse:
    """The one page of the checkout: shown, priced again (`refresh`), or placed."""
    cart = Cart(request.session)
    if not cart.lines:
        return redirect("cart:show")
    form = _form(request, cart)
    if request.method == "POST" and "refresh" not in request.POST and form.is_valid():
        try:
            return ordering.place(request, form, cart)
        except placing.EmptyCart:
            return redirect("cart:show")
        except REFUSALS as refusal:
            if isinstance(refusal, redeeming.CouponGone):
                cart.remove_coupon()
            form.add_error(None, why(refusal))
            if not isinstance(refusal, OperationalError):
                form.show_again(key=_new_key())
    return render(request, "checkout/checkout.html", _page(form, cart))


def _new_key() -> str:
    return secrets.token_urlsafe(16)


def _form(request: HttpRequest, cart: Cart) -> CheckoutForm:
    tariff = shipping.Tariff(cart.currency)
    countries = tariff.countries
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
        tariff.quotes(country=country, grams=cart.grams, subtotal=cart.subtotal)
        if country in countries
        else []
    )
    return form


def _page(form: CheckoutForm, cart: Cart) -> dict[str, Any]:
    """The form with the totals it is about to agree to, priced for what is entered in it."""
    entries = form.data if form.is_bound else form.initial
    priced = _priced(form, cart, entries)
    chosen = priced.get(entries.get("shipping_method", "")) or next(iter(priced.values()), None)
    if chosen:
        form.show_again(shipping_method=chosen.shipping.method_id, seen_total=chosen.total)
    ways = [totals.shipping for totals in priced.values()]
    return {"form": form, "cart": cart, "totals": chosen, "ways": ways}


def _priced(form: CheckoutForm, cart: Cart, entries: Mapping[str, str]) -> dict[str, Totals]:
    """What the order costs with each way of sending it, by the way's id as the form says it."""
    where = Destination(
        entries.get("country", ""),
        entries.get("postcode", ""),
        _readable(entries.get("vat_id", "")),
    )
    at = timezone.now()
    return {
        str(way.method_id): price_order(
            cart.lines,
            shipping=way,
            destination=where,
            discount=cart.discount,
            currency=cart.currency,
            at=at,
        )
        for way in form.quotes
    }


def _readable(vat_id: str) -> str:
    """The VAT id if it is one: while it is being typed, the order is a consumer's."""
    try:
        return vat_ids.normalised(vat_id)
    except vat_ids.NoVatId:
        return ""
