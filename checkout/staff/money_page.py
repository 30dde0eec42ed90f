"""What an order's page says about its money, and what may be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F

from .. import gateways
from ..models import Dispute, Order, OrderEvent, PaymentAttempt, Refund
from ..money_back import refunding, unanswered
from ..orders import holding
from ..payments import reinstating
from .forms import DecisionForm, ReasonForm
from .permissions import CHANGE, REFUND, VIEW_INVOICE, VIEW_MESSAGE

State = PaymentAttempt.State


@dataclass(frozen=True)
class Payment:
    """An attempt as staff read it: amount in major units, `link` into the provider's dashboard.

    `returnable` is what may go back of a payment that sold nothing.
    """

    attempt: PaymentAttempt
    amount: Decimal
    currency: str
    link: str
    returnable: Decimal = Decimal(0)


@dataclass(frozen=True)
class Repaid:
    """A refund as staff read it. One that was never answered waits for their decision."""

    refund: Refund
    is_unanswered: bool


def payments_of(order: Order) -> list[Payment]:
    """Every try to pay, the latest first."""
    return [_payment(attempt) for attempt in order.attempts.all()]


def money_of(order: Order, payments: Sequence[Payment], user: User) -> dict[str, Any]:
    """The page's context about refunds, disputes and what waits for a decision."""
    sold = next((one.attempt for one in payments if one.attempt.pays_order), None)
    questions: list[OrderEvent] = list(holding.open_questions(order)) if order.hold else []
    return {
        "payments": payments,
        "refunds": _refunds_of(order),
        # What is due first comes first; what is decided comes last.
        "disputes": order.disputes.order_by(
            F("closed_at").asc(nulls_first=True), F("respond_by").asc(nulls_last=True)
        ),
        "questions": questions,
        "money_left": refunding.money_left(sold) if sold else Decimal(0),
        "returnable": [one for one in payments if one.returnable],
        "may_reinstate": reinstating.payment_for(order) is not None,
        "may_refund": user.has_perm(REFUND),
        "may_pack": user.has_perms((CHANGE, VIEW_INVOICE, VIEW_MESSAGE)),
        "open_disputes": Dispute.OPEN,
        "reason_form": ReasonForm(),
        "decision_form": DecisionForm(),
    }


def _refunds_of(order: Order) -> list[Repaid]:
    refunds = order.refunds.select_related("by")
    return [Repaid(refund, unanswered.is_unanswered(refund)) for refund in refunds]


def _payment(attempt: PaymentAttempt) -> Payment:
    known = attempt.gateway in gateways.GATEWAYS
    taken = attempt.captured_minor is not None
    minor = attempt.captured_minor if taken else attempt.amount_minor
    currency = attempt.captured_currency if taken else attempt.currency
    if not known or minor is None:
        return Payment(attempt, Decimal(minor or 0), currency or attempt.currency, "")
    gateway = gateways.get(attempt.gateway)
    is_stray = taken and not attempt.pays_order
    return Payment(
        attempt,
        gateway.major_units(minor, currency),
        currency,
        gateway.dashboard_url(attempt),
        refunding.money_left(attempt) if is_stray else Decimal(0),
    )
