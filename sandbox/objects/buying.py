"""What the buyer does on the hosted page. Each step is one transaction, so two clicks pay once."""

from dataclasses import dataclass

from django.db import transaction

from sandbox.cards import BY_NUMBER, Card
from sandbox.models import Document
from sandbox.objects import charges, disputes, events, intents, sessions, store
from sandbox.objects.store import Json


@dataclass(frozen=True)
class Buyer:
    """Who pays, in the buyer's own words."""

    email: str = "buyer@example.com"
    name: str = "Test Buyer"


@dataclass(frozen=True)
class Result:
    """How a step ended: paid, unpaid (under way), declined, failed or three_ds."""

    outcome: str
    message: str = ""


@transaction.atomic
def pay_by_card(key: str, card: Card, buyer: Buyer) -> Result:
    """Press *Pay* with a card."""
    session = store.get("checkout.session", key)
    if done := _already(session):
        return done
    if session.data["amount_total"] == 0:
        return _settle_for_free(session, buyer)
    intent = _try_with(session, "pm_1", {"card": card.number, "email": buyer.email,
                                         "name": buyer.name})  # fmt: skip
    if card.decline_code:
        return _decline(intent, card, buyer)
    if card.asks_3ds:
        intents.asks_buyer(intent, f"{session.data['url']}/3ds")
        return Result("three_ds")
    return _take_money(session, intent, card, buyer, authenticated=False)


@transaction.atomic
def answer_3ds(key: str, *, passed: bool) -> Result:
    """Come back from the bank's page, which only a card that asks for it leads to."""
    session = store.get("checkout.session", key)
    if done := _already(session):
        return done
    intent = intents.of_session(session)
    if intent.data["status"] != "requires_action":
        return Result("failed", "The bank did not ask for anything. Please pay again.")
    card = BY_NUMBER[intent.private["card"]]
    buyer = Buyer(intent.private["email"], intent.private["name"])
    if passed:
        return _take_money(session, intent, card, buyer, authenticated=True)
    message = "We are unable to authenticate your payment method. Please try again."
    error = {
        "type": "card_error",
        "code": "payment_intent_authentication_failure",
        "message": message,
    }
    intents.failed(intent, error, None)
    return Result("failed", message)


@transaction.atomic
def pay_by_bank(key: str, buyer: Buyer) -> Result:
    """Sign a bank debit: the session completes today, the money comes or fails later."""
    session = store.get("checkout.session", key)
    if done := _already(session):
        return done
    if session.data["amount_total"] == 0:
        return _settle_for_free(session, buyer)
    intent = _try_with(session, "pm_1", {"email": buyer.email, "name": buyer.name})
    charge = charges.put(
        intent.data,
        status="pending",
        email=buyer.email,
        name=buyer.name,
        method=charges.by_bank_debit(),
    )
    events.record("charge.pending", charge)
    intents.processing(intent, charge)
    sessions.complete(session, payment_status="unpaid", email=buyer.email, name=buyer.name)
    return Result("unpaid")


def _already(session: Document) -> Result | None:
    """The second click of two finds the session complete and pays nothing."""
    sessions.expire_if_due(session)
    if session.data["status"] == "complete":
        return Result("unpaid" if session.data["payment_status"] == "unpaid" else "paid")
    if session.data["status"] == "expired":
        return Result("expired", "This payment page has expired.")
    return None


def _try_with(session: Document, prefix: str, private: Json) -> Document:
    intent = intents.of_session(session)
    intent.data["payment_method"] = store.new_id(prefix)
    intent.private = private
    intent.save()
    return intent


def _take_money(
    session: Document, intent: Document, card: Card, buyer: Buyer, *, authenticated: bool
) -> Result:
    charge = charges.put(
        intent.data,
        status="succeeded",
        email=buyer.email,
        name=buyer.name,
        method=charges.by_card(card, authenticated=authenticated),
    )
    charge.private = {"refund": card.refund}
    charge.save()
    events.record("charge.succeeded", charge)
    intents.succeeded(intent, charge)
    sessions.complete(session, payment_status="paid", email=buyer.email, name=buyer.name)
    if card.is_disputed:
        disputes.open_for(intent.key)
    return Result("paid")


def _decline(intent: Document, card: Card, buyer: Buyer) -> Result:
    charge = charges.put(
        intent.data,
        status="failed",
        email=buyer.email,
        name=buyer.name,
        method=charges.by_card(card, authenticated=False),
    )
    charge.data |= {
        "failure_code": card.code,
        "failure_message": card.message,
        "outcome": charges.outcome("failed", card.decline_code),
    }
    charge.save()
    events.record("charge.failed", charge)
    error = {
        "type": "card_error",
        "code": card.code,
        "decline_code": card.decline_code,
        "message": card.message,
    }
    intents.failed(intent, error, charge)
    return Result("declined", card.message)


def _settle_for_free(session: Document, buyer: Buyer) -> Result:
    sessions.complete(
        session, payment_status="no_payment_required", email=buyer.email, name=buyer.name
    )
    return Result("paid")
