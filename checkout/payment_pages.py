"""An attempt's page at the provider: made once, whatever answer gets lost on the way."""

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from . import gateways
from .gateways.protocol import GatewayRefused, GatewayUnavailable, Start, Urls
from .models import Order, PaymentAttempt

State = PaymentAttempt.State
PATIENCE = 3  # unanswered calls before the provider's own list is searched


class PaymentMismatch(GatewayRefused):
    """The provider's page would ask for another amount than the order's."""


def open_page(attempt: PaymentAttempt) -> PaymentAttempt:
    """Ask the provider for the page of a new attempt. Asking again gives the same page.

    Raises GatewayUnavailable when there is no answer, GatewayRefused or PaymentMismatch when there
    will be no page; the attempt is over then.
    """
    try:
        page = gateways.get(attempt.gateway).start(attempt, _urls(attempt.order))
    except GatewayRefused as refused:
        _give_up(attempt, str(refused))
        raise
    except GatewayUnavailable as silence:
        page = _found_after(silence, attempt)
    attempt.reference, attempt.url, attempt.livemode = page.reference, page.url, page.livemode
    if (page.amount_minor, page.currency) != (attempt.amount_minor, attempt.currency):
        gateways.get(attempt.gateway).cancel(attempt)
        _give_up(attempt, f"the page asked for {page.amount_minor} {page.currency}")
        raise PaymentMismatch(attempt.order.number)
    attempt.state = State.OPEN
    # Only from NEW: a webhook may have settled it while we waited for the answer.
    PaymentAttempt.objects.filter(pk=attempt.pk, state=State.NEW).update(
        reference=page.reference, url=page.url, livemode=page.livemode, state=State.OPEN
    )
    return attempt


def _found_after(silence: GatewayUnavailable, attempt: PaymentAttempt) -> Start:
    """The page that was made though nobody told us.

    Stripe repeats a stored error for a day, so after some tries with one key asking is no use:
    either the page is in the provider's list, or this attempt is over and the next has a new key.
    """
    attempt.unanswered += 1
    PaymentAttempt.objects.filter(pk=attempt.pk).update(unanswered=F("unanswered") + 1)
    if attempt.unanswered < PATIENCE:
        raise silence
    page = gateways.get(attempt.gateway).find(attempt)
    if page is None:
        _give_up(attempt, str(silence))
        raise silence
    return page


def _give_up(attempt: PaymentAttempt, why: str) -> None:
    PaymentAttempt.objects.filter(pk=attempt.pk, state=State.NEW).update(
        state=State.FAILED, reference=attempt.reference, last_error=why, check_at=None
    )


def _urls(order: Order) -> Urls:
    """From one configured base: a forged Host header must not send shoppers elsewhere."""
    back = settings.BASE_URL + reverse("checkout:return", args=[order.token])
    return Urls(
        success=f"{back}?session={{CHECKOUT_SESSION_ID}}",
        cancel=settings.BASE_URL + order.get_absolute_url(),
    )
