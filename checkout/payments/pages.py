"""An attempt's page at the provider: made once, whatever answer gets lost on the way."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.urls import reverse

from .. import gateways
from ..gateways.protocol import GatewayBusy, GatewayRefused, GatewayUnavailable, Start, Urls
from ..models import PaymentAttempt

State = PaymentAttempt.State
# Only from NEW: a webhook may have settled it while we waited for the answer. Part of every order,
# so written out.
OPENED = """
    UPDATE checkout_paymentattempt SET reference = %s, url = %s, livemode = %s, state = %s
    WHERE id = %s AND state = %s
"""
PATIENCE = 3  # unanswered calls before the provider's own list is searched


class PaymentMismatch(GatewayRefused):
    """The provider's page would ask for another amount than the order's."""


def open_page(attempt: PaymentAttempt) -> PaymentAttempt:
    """Ask the provider for the page of a new attempt. Asking again gives the same page.

    Raises GatewayUnavailable when there is no answer, GatewayRefused or PaymentMismatch when there
    will be no page; the attempt is over then.
    """
    try:
        page = gateways.get(attempt.gateway).start(attempt, _urls(attempt))
    except GatewayRefused as refused:
        _give_up(attempt, str(refused))
        raise
    except GatewayBusy:
        raise
    except GatewayUnavailable as silence:
        page = _found_after(silence, attempt)
    attempt.reference, attempt.url, attempt.livemode = page.reference, page.url, page.livemode
    if (page.amount_minor, page.currency) != (attempt.amount_minor, attempt.currency):
        gateways.get(attempt.gateway).cancel(attempt)
        _give_up(attempt, f"the page asked for {page.amount_minor} {page.currency}")
        raise PaymentMismatch(attempt.order.number)
    attempt.state = State.OPEN
    known: list[Any] = [page.reference, page.url, page.livemode, State.OPEN]
    with connection.cursor() as cursor:
        cursor.execute(OPENED, [*known, attempt.pk, State.NEW])
    return attempt


def find_page(attempt: PaymentAttempt) -> PaymentAttempt:
    """The page of an attempt that was given up before its answer came.

    Raises GatewayUnavailable, or GatewayRefused when there is none.
    """
    page = gateways.get(attempt.gateway).find(attempt)
    if page is None:
        raise GatewayRefused(f"no page was ever made for {attempt}")
    attempt.reference, attempt.url, attempt.livemode = page.reference, page.url, page.livemode
    PaymentAttempt.objects.filter(pk=attempt.pk, reference=None).update(
        reference=page.reference, url=page.url, livemode=page.livemode
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


def _urls(attempt: PaymentAttempt) -> Urls:
    """From one configured base: a forged Host header must not send shoppers elsewhere.

    Paid or not, the way back is the same. It must not tell the provider the order's secret link.
    """
    back = settings.BASE_URL + reverse("checkout:return", args=[attempt.key])
    return Urls(success=back, cancel=back)
