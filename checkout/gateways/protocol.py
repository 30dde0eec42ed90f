"""What a payment provider must be able to do, in the shop's own words.

Only these frozen dataclasses cross the line, never a provider's object.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from ..models import PaymentAttempt, Refund


class GatewayError(Exception):
    """Something the provider said, or did not say."""


class GatewayUnavailable(GatewayError):
    """No answer, or none to rely on: the outcome is unknown. Ask again with the same key."""


class GatewayBusy(GatewayUnavailable):
    """The same call is being answered to somebody else at this moment: that is no silence."""


class GatewayRefused(GatewayError):
    """The provider understood and said no: asking again will not help."""


class TooLittle(GatewayRefused):
    """Less than this provider charges at all; `minimum` in major units."""

    def __init__(self, minimum: Decimal, currency: str) -> None:
        super().__init__(f"the provider charges {minimum} {currency} at least")
        self.minimum, self.currency = minimum, currency


class UnverifiedMessage(GatewayError):
    """A notification that the provider did not sign, or not just now."""


class Payment(StrEnum):
    """Where a payment stands at the provider."""

    OPEN = "open"  # the shopper has not finished
    PENDING = "pending"  # finished; the money is under way
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Urls:
    """Absolute addresses the provider sends the shopper back to."""

    success: str
    cancel: str


@dataclass(frozen=True)
class Start:
    """A page at the provider. `amount_minor` is what that page will really ask for."""

    reference: str
    url: str
    amount_minor: int
    currency: str
    livemode: bool


@dataclass(frozen=True)
class Status:
    """What the provider says now, amount in minor units.

    `method` is for people: "Visa •••• 4242".
    """

    payment: Payment
    attempt_key: str
    reference: str
    payment_reference: str
    amount_minor: int
    currency: str
    livemode: bool
    method: str = ""


class Repayment(StrEnum):
    """Where a refund stands at the provider."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # also after it had succeeded: the bank sent the money back
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class RefundStatus:
    """One refund as the provider has it, amount in minor units.

    `refund_id` is our row's id as the provider repeats it; empty for one made at the provider.
    """

    reference: str
    payment_reference: str
    repayment: Repayment
    amount_minor: int
    currency: str
    created_at: datetime
    refund_id: str = ""
    reason: str = ""
    failure: str = ""


class Quarrel(StrEnum):
    """Where a dispute stands at the provider."""

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class DisputeStatus:
    """One dispute as the provider has it, amount in minor units."""

    reference: str
    payment_reference: str
    quarrel: Quarrel
    amount_minor: int
    currency: str
    opened_at: datetime
    respond_by: datetime | None
    reason: str = ""
    funds_withdrawn: bool = False


@dataclass(frozen=True)
class Notification:
    """A verified hint that something happened. It is never believed, only followed up.

    `account` is another one's than ours, where the provider serves several; else empty.
    """

    event_id: str
    kind: str
    created_at: datetime
    livemode: bool
    payload: Mapping[str, Any]
    reference: str = ""
    payment_reference: str = ""
    attempt_key: str = ""
    account: str = ""


class Gateway(Protocol):
    """One payment provider."""

    def minor_units(self, amount: Decimal, currency: str) -> int:
        """`amount` as this provider counts it. Raises GatewayRefused for a fraction of its unit."""

    def check_payable(self, amount: Decimal, currency: str) -> None:
        """Raises GatewayRefused (TooLittle, below its minimum) for what it cannot charge."""

    def major_units(self, amount_minor: int, currency: str) -> Decimal:
        """The other way round: what this provider's number is worth."""

    def start(self, attempt: PaymentAttempt, urls: Urls) -> Start:
        """Where to send the shopper. Repeatable: the same attempt gives the same page."""

    def find(self, attempt: PaymentAttempt) -> Start | None:
        """The page made for this attempt, if the answer that named it was lost. Else None."""

    def fetch(self, attempt: PaymentAttempt) -> Status:
        """What the provider says now. Never changes money."""

    def cancel(self, attempt: PaymentAttempt) -> Status:
        """Close the page if it is still open. Says paid if it came too late."""

    def refund(self, refund: Refund) -> RefundStatus:
        """Give money back. Repeatable: one row is given back once, however often it is asked."""

    def refunds(self, attempt: PaymentAttempt) -> list[RefundStatus]:
        """Every refund of this payment, made here or at the provider."""

    def disputes(self, attempt: PaymentAttempt) -> list[DisputeStatus]:
        """Every dispute about this payment."""

    def refunds_since(self, since: datetime) -> Iterable[RefundStatus]:
        """Every refund made since then, of whatever payment."""

    def disputes_since(self, since: datetime) -> Iterable[DisputeStatus]:
        """Every dispute opened since then, about whatever payment."""

    def recent(self, since: datetime) -> Iterable[Notification]:
        """What has happened since then, for notifications that never arrived."""

    def payments(self, since: datetime) -> Iterable[Status]:
        """Every page opened since then that was paid or is being paid, ours or not."""

    def read(self, body: bytes, headers: Mapping[str, str]) -> list[Notification]:
        """The notifications in a callback. Raises UnverifiedMessage."""

    def dashboard_url(self, attempt: PaymentAttempt) -> str:
        """Where staff see this payment at the provider; empty where there is no such page."""
