"""Where the payment page sends the shopper.

The address names the attempt, never the order's secret link: the provider keeps it, and whoever
reads it there must not see the order. The browser that went to pay is led on to its order.
"""

from contextlib import suppress
from uuid import UUID

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..gateways import deadline
from ..gateways.protocol import GatewayError
from ..models import Order, PaymentAttempt
from ..payments import paying
from . import ordering


@require_safe
@never_cache
@deadline.within(deadline.PATIENCE)
def come_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """The shopper is back, paid or not. What the address says is not believed."""
    attempt = get_object_or_404(PaymentAttempt.objects.select_related("order"), key=key)
    order = attempt.order
    if attempt.reference and attempt.state != PaymentAttempt.State.PAID:
        # Without an answer, or while the database is busy, the webhook or the sweep will tell.
        with suppress(GatewayError, OperationalError):
            paying.look(attempt, at=timezone.now())
        order.refresh_from_db()
    if not ordering.knows(request.session, order):  # another browser than the one that ordered
        return render(request, "checkout/returned.html")
    response = HttpResponseRedirect(order.get_absolute_url())
    if order.status == Order.Status.PAID:
        ordering.forget(request, order, response)
    return response
