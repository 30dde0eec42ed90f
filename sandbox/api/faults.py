"""Failures on order: the next calls of an operation go wrong before or after the work."""

import time
from dataclasses import dataclass

from django.db import transaction

from sandbox.errors import ApiError
from sandbox.models import Fault

KINDS = ("500", "429", "timeout", "reset", "slow")
SECONDS = {"timeout": 30.0, "slow": 2.0}


class Broken(Exception):
    """The connection is to be cut without an answer."""


@dataclass(frozen=True)
class Ordered:
    """One fault that strikes this call; an empty kind is none."""

    kind: str = ""
    when: str = ""
    seconds: float = 0

    def strike(self, when: str) -> None:
        """Go wrong on the way in or out, if this is the moment."""
        if when == self.when and self.kind == "429":
            raise ApiError("Request rate limit exceeded.", code="rate_limit", status=429)
        if when == self.when and self.kind in ("timeout", "reset"):
            raise Broken

    def dawdle(self, when: str) -> None:
        """Be slow over the work itself, while its key is in use."""
        if when == self.when and self.kind == "slow":
            time.sleep(self.seconds)


@transaction.atomic
def next_for(operation: str) -> Ordered:
    """The oldest fault that waits for this operation; it is used up by one."""
    fault = Fault.objects.filter(operation__in=[operation, "*"]).order_by("pk").first()
    if fault is None:
        return Ordered()
    if fault.times <= 1:
        fault.delete()
    else:
        fault.times -= 1
        fault.save()
    return Ordered(fault.kind, fault.when, fault.seconds)


def order(operation: str, kind: str, when: str, times: int, seconds: float | None) -> Fault:
    """Let the next calls fail."""
    wait = SECONDS.get(kind, 0.0) if seconds is None else seconds
    return Fault.objects.create(
        operation=operation, kind=kind, when=when, times=times, seconds=wait
    )


def failure() -> ApiError:
    """Stripe's own 500."""
    return ApiError(
        "An unknown error occurred. Please contact us if this happens again.",
        kind="api_error",
        status=500,
    )
