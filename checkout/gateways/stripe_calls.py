"""Calls to Stripe: how long they may take, and their answers or errors in our words."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any

import requests
import stripe
from django.conf import settings

from .deadline import PunctualAdapter
from .protocol import GatewayBusy, GatewayRefused, GatewayUnavailable

stripe.enable_telemetry = False

PAGE = 100  # the longest list Stripe answers with


def api() -> stripe.StripeClient:
    """The client for our account, built once in each process."""
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)


@cache
def _client(key: str, base: str) -> stripe.StripeClient:
    session = requests.Session()
    for scheme in ("https://", "http://"):  # the sandbox speaks the latter
        session.mount(scheme, PunctualAdapter(connect=2, read=3.5))
    # The library's own limits are 80 seconds and no retry. One retry also covers the 409 that
    # Stripe answers while it works on the same key: a double click.
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else {},
        max_network_retries=1,
        http_client=stripe.RequestsClient(session=session),
    )


def every(list_page: Callable[[Any], Any], parameters: dict[str, Any]) -> Iterator[Any]:
    """Every object of a list, page by page, Stripe's errors in our words."""
    listed = answer(lambda: list_page({**parameters, "limit": PAGE}))
    objects = listed.auto_paging_iter()
    while (one := answer(lambda: next(objects, None))) is not None:
        yield one


def created(since: datetime) -> dict[str, Any]:
    """The part of a list that was made since then."""
    return {"created": {"gte": int(since.timestamp())}}


def answer(call: Callable[[], Any]) -> Any:
    """What Stripe answers, its errors in our words."""
    try:
        return call()
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.IdempotencyError) as error:
        raise _no_answer(error) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        # Ours to mend, and then the same call will do.
        raise GatewayUnavailable(f"misconfigured: {error}") from error
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise GatewayRefused(str(error)) from error
    except stripe.StripeError as error:
        raise _no_answer(error) from error


def _no_answer(error: stripe.StripeError) -> GatewayUnavailable:
    """A conflict tells that the first call with this key is still under way."""
    is_busy = error.http_status == HTTPStatus.CONFLICT
    return (GatewayBusy if is_busy else GatewayUnavailable)(str(error))
