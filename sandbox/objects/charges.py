"""Charges: single tries to take money."""

from sandbox.cards import Card
from sandbox.models import Document
from sandbox.objects import parts, store
from sandbox.objects.store import Json


def put(intent: Json, *, status: str, email: str, name: str, method: Json) -> Document:
    """A charge for the whole of a payment intent: succeeded, failed or pending."""
    key = store.new_id("ch_3")
    paid = status == "succeeded"
    data = dict.fromkeys(EMPTY) | {
        "id": key,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "billing_details": {
            "address": dict(parts.NO_ADDRESS),
            "email": email,
            "name": name,
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "SANDBOX",
        "captured": paid,
        "created": store.now(),
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": outcome(status),
        "paid": paid or status == "pending",
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": method,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "shipping": intent["shipping"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": status,
    }
    return store.put(data)


EMPTY = (
    "application", "application_fee", "application_fee_amount", "balance_transaction", "customer",
    "failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of",
    "receipt_number", "receipt_url", "review", "source", "source_transfer",
    "statement_descriptor", "transfer_data", "transfer_group",
)  # fmt: skip


def outcome(status: str, reason: str | None = None) -> Json:
    """What the network is supposed to have said."""
    declined = status == "failed"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if declined else "approved_by_network",
        "reason": reason,
        "risk_level": "normal",
        "seller_message": "The bank declined." if declined else "Payment complete.",
        "type": "issuer_declined" if declined else "authorized",
    }


def by_card(card: Card, *, authenticated: bool) -> Json:
    """`payment_method_details` of a card."""
    three_d_secure = {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": store.new_id(""),
        "version": "2.2.0",
    }
    return {
        "type": "card",
        "card": {
            "amount_authorized": None,
            "authorization_code": None,
            "brand": "visa",
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "pass",
            },
            "country": "US",
            "electronic_commerce_indicator": None,
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": card.number[-8:],
            "funding": "credit",
            "installments": None,
            "last4": card.last4,
            "mandate": None,
            "network": "visa",
            "network_transaction_id": None,
            "regulated_status": "unregulated",
            "three_d_secure": three_d_secure if authenticated else None,
            "transaction_link_id": None,
            "wallet": None,
        },
    }


def by_bank_debit() -> Json:
    """`payment_method_details` of a SEPA debit."""
    return {
        "type": "sepa_debit",
        "sepa_debit": {
            "bank_code": "37040044",
            "branch_code": "",
            "country": "DE",
            "fingerprint": "sandbox",
            "last4": "3000",
            "mandate": None,
        },
    }
