"""The order button: one cart, one payable order, however often and wherever it is pressed."""

from dataclasses import replace
from hashlib import sha256
from typing import Any, cast

from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from limits import RateLimitItemPerHour

from cart import limiting
from cart.cart import Cart
from cart.counting import show_count
from cart.sessions import SessionStore

from .. import gateways
from ..forms import CheckoutForm
from ..gateways.protocol import GatewayRefused, GatewayUnavailable
from ..models import Order, PaymentAttempt
from ..orders import placing
from ..payments import paying

SESSION_KEY = "order"  # the token of the order this visitor placed last
# One household or office; each customer has a limit of its own besides.
ORDERS = limiting.Limit("orders", RateLimitItemPerHour(30))
KNOWN = "orders"  # the tokens of other orders this visitor went to pay for
MOST_KNOWN = 10
CLOSED = (Order.Status.CANCELLED, Order.Status.EXPIRED)


class FormUsedUp(Exception):
    """The order this form made is closed; a new form makes a new order."""


class TooManyOrders(Exception):
    """More orders came from this address within the hour than shoppers make."""


class OrderedElsewhere(Exception):
    """Another window of this visitor was faster."""


def place(request: HttpRequest, form: CheckoutForm, cart: Cart) -> HttpResponse:
    """Place the order of a valid form and send the shopper to pay it.

    Raises what `placing.place_order` and `paying.cancel` raise, FormUsedUp, OrderedElsewhere or
    TooManyOrders; then nothing was ordered.
    """
    secret = f"{request.session.session_key}:{form.cleaned_data['key']}"
    key = sha256(secret.encode()).hexdigest()
    earlier = request.session.get(SESSION_KEY)
    # A visitor who has ordered nothing yet has no order of this form either.
    if earlier and (placed := _placed(key)):
        return _to_payment_again(request, placed)
    if earlier and (settled := _settled(earlier, cart)):
        return _to_the_earlier(request, settled)
    client = limiting.address(request)
    if ORDERS.is_reached(client):
        raise TooManyOrders
    try:
        order, attempt = _place(
            request.session, form, cart, client="".join(client), key=key, instead_of=earlier
        )
    except (IntegrityError, placing.TotalChanged):
        # This very form was sent twice at once. The faster one may have used the coupon up.
        if placed := _placed(key):
            return _to_payment_again(request, placed)
        raise
    ORDERS.count(client)
    return to_payment(request, order, attempt)


@transaction.atomic
def _place(
    session: SessionBase,
    form: CheckoutForm,
    cart: Cart,
    *,
    client: str,
    key: str,
    instead_of: str | None,
) -> tuple[Order, PaymentAttempt]:
    """The order and the attempt to pay it; the session remembers it. All at once or nothing."""
    now = timezone.now()
    order = placing.place_order(
        cart=cart,
        contact=replace(form.contact, client=client),
        address=form.address,
        billing_address=form.billing_address,
        shipping=form.way,
        discount=cart.discount,
        seen_total=form.seen,
        key=key,
        at=now,
    )
    attempt = paying.prepare(order, at=now)
    _remember(session, order, instead_of=instead_of)
    return order, attempt


def _placed(key: str) -> Order | None:
    return Order.objects.filter(placement_key=key).first()


def _to_payment_again(request: HttpRequest, placed: Order) -> HttpResponse:
    if placed.status in CLOSED:
        raise FormUsedUp
    return to_payment(request, placed)


def to_payment(
    request: HttpRequest, order: Order, attempt: PaymentAttempt | None = None
) -> HttpResponse:
    """Send the shopper to the payment page, or back to the order with the reason why not.

    `attempt`: the one that was prepared with the order, if it was prepared just now.
    """
    _know(request.session, order)
    try:
        attempt = paying.start(order, attempt, at=timezone.now())
    except paying.NotPayable:
        return redirect(order)
    except (GatewayUnavailable, OperationalError):
        why = _("The payment page could not be opened. Your order is kept; please try again.")
    except GatewayRefused:
        why = _("The payment provider does not take this order. Please write to us.")
    else:
        if attempt.gateway == gateways.FREE:
            return redirect("checkout:return", attempt.key)
        return HttpResponseRedirect(attempt.url, status=303)
    messages.error(request, why)
    return redirect(order)


def forget(request: HttpRequest, order: Order, response: HttpResponse) -> None:
    """The order is paid: empty the cart if it is still that order's."""
    cart = Cart(request.session)
    cart.empty_if_equal(_wanted(order))
    if cart.coupon_code == order.coupon_code:
        cart.remove_coupon()
    if request.session.get(SESSION_KEY) == order.token:
        del request.session[SESSION_KEY]
        _know(request.session, order)
    show_count(response, cart)


def knows(session: SessionBase, order: Order) -> bool:
    """Did this visitor go to pay for the order? Then they have its link."""
    return order.token in (session.get(SESSION_KEY), *session.get(KNOWN, []))


def _know(session: SessionBase, order: Order) -> None:
    if not knows(session, order):  # the order just placed is known: nothing to write
        session[KNOWN] = [*session.get(KNOWN, []), order.token][-MOST_KNOWN:]


def _settled(token: str, cart: Cart) -> Order | None:
    """Close the unpaid order this visitor left behind, so that one cart is never payable twice.

    Returns that order if its money came after all, or is on its way for this very cart.
    """
    earlier = Order.objects.filter(token=token).first()
    if earlier is None:
        return None
    same = _wanted(earlier) == {line.offer.sku: line.quantity for line in cart.lines}
    if earlier.status == Order.Status.PLACED:
        earlier = paying.cancel(earlier, at=timezone.now())
        if earlier.status == Order.Status.PAID:
            return earlier
    is_settled = earlier.status in (Order.Status.PLACED, Order.Status.PAID)
    return earlier if is_settled and same else None


def _to_the_earlier(request: HttpRequest, order: Order) -> HttpResponse:
    response = redirect(order)
    if order.status == Order.Status.PAID:
        messages.info(request, _("You have already paid this order."))
        forget(request, order, response)
    else:
        messages.info(request, _("Your payment for this order is still under way."))
    return response


def _remember(session: SessionBase, order: Order, *, instead_of: str | None) -> None:
    """Note the order in the session, in the order's own transaction.

    Two windows cannot both do so: the slower one finds another order than it knew of.
    """

    def noted(stored: dict[str, Any]) -> dict[str, Any]:
        if stored.get(SESSION_KEY) not in (instead_of, order.token):
            raise OrderedElsewhere
        return {SESSION_KEY: order.token, **Cart.claimed(order.coupon_code)}

    cast(SessionStore, session).rewrite(noted)  # SESSION_ENGINE names ours


def _wanted(order: Order) -> dict[str, int]:
    return {line.sku: line.quantity for line in order.lines.all()}
