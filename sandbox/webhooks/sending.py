"""Posting an event to an endpoint, signed as Stripe signs, and noting what came back."""

import hashlib
import hmac
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from sandbox.models import Document, Try

TIMEOUT = 10  # seconds an endpoint has to answer


@dataclass(frozen=True)
class Parcel:
    """All that is needed to send one event once, without looking at the database."""

    event: str
    type: str
    payload: str
    url: str
    secret: str


def signature(payload: bytes, secret: str, at: int) -> str:
    """The value of the `Stripe-Signature` header."""
    digest = hmac.new(secret.encode(), b"%d." % at + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def pack(event: Document, endpoint: Document) -> Parcel:
    """The parcel for one endpoint."""
    return Parcel(
        event=event.key,
        type=event.data["type"],
        payload=event.private["payload"],
        url=endpoint.data["url"],
        secret=endpoint.private["secret"],
    )


def send(parcel: Parcel) -> Try:
    """Send once. The result is not saved yet, so that this may run in any thread."""
    started = time.time()
    status, error = _post(parcel)
    return Try(
        event=parcel.event,
        type=parcel.type,
        url=parcel.url,
        at=started,
        status=status,
        ms=round((time.time() - started) * 1000),
        error=error,
    )


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is not an answer: Stripe does not follow it either."""

    def redirect_request(self, *_: object) -> None:
        return None


# No proxies: the shop is near, whatever the environment says about the world outside.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere)


def _post(parcel: Parcel) -> tuple[int, str]:
    body = parcel.payload.encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (sandbox)",
        "Stripe-Signature": signature(body, parcel.secret, int(time.time())),
    }
    try:
        request = urllib.request.Request(parcel.url, body, headers, method="POST")  # noqa: S310
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read(300).decode(errors="replace")
    except (OSError, ValueError) as problem:
        return 0, str(problem)[:300]
