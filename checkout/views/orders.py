"""The guest's own page of an order. Whoever has the link may see it; nobody can guess it."""

from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from invoices import downloads, issuing

from ..gateways import deadline
from ..gateways.protocol import GatewayUnavailable
from ..models import Order, OrderEvent, PaymentAttempt
from ..payments import paying
from .ordering import to_payment


@require_safe
@never_cache
@gzip_page
def show(request: HttpRequest, token: str) -> HttpResponse:
    """State, goods, timeline, and what can be done next."""
    order = _order(token)
    under_way = order.attempts.filter(state=PaymentAttempt.State.PENDING).exists()
    waiting = order.status == Order.Status.PLACED
    return render(
        request,
        "orders/show.html",
        {
            "order": order,
            "lines": order.lines.all(),
            "events": order.events.exclude(kind__in=OrderEvent.FOR_STAFF),
            "invoice": issuing.invoice_of(order.number),
            "under_way": waiting and under_way,
            "payable": waiting and not under_way,
        },
    )


@require_POST
@deadline.within(deadline.PATIENCE)
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Pay, or pay again."""
    return to_payment(request, _order(token))


@require_POST
@deadline.within(deadline.PATIENCE)
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give an unpaid order up: its goods are free for others at once, and so is its coupon."""
    order = _order(token)
    try:
        paying.cancel(order, at=timezone.now())
    except (GatewayUnavailable, OperationalError):
        messages.error(request, _("The order could not be cancelled just now. Please try again."))
    return redirect(order)


@require_safe
@never_cache
def invoice(request: HttpRequest, token: str) -> HttpResponseBase:
    """The PDF; 404 until it is printed."""
    document = issuing.invoice_of(_order(token).number)
    if document is None or not document.printed_at:
        raise Http404
    return downloads.pdf_response(document)


def _order(token: str) -> Order:
    orders = Order.objects.select_related("shipping_address", "billing_address")
    return get_object_or_404(orders, token=token)
