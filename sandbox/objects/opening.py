"""Opening a session: what it costs and what it says, from the parameters."""

from django.db import transaction

from sandbox.models import Document
from sandbox.objects import coupons, parts, pricing, store
from sandbox.objects.store import Json

DAY = 24 * 3600


@transaction.atomic
def open_session(params: Json, *, base_url: str) -> Document:
    """Open a session. `base_url` is where the hosted page is found."""
    items = params["line_items"]
    for index, item in enumerate(items):
        if "price" in item:
            raise pricing.no_such_price(item, f"line_items[{index}]")
    coupon_key = (params.get("discounts") or [{}])[0].get("coupon")
    coupon = coupons.usable(coupon_key) if coupon_key else None
    lines = pricing.price_lines(items, coupon)
    data = _shape(params, base_url)
    data |= _amounts(lines, params.get("shipping_options", []))
    data["discounts"] = [parts.discount(coupon_key)] if coupon_key else []
    pricing.check_payable(data["amount_total"], data["currency"])
    session = store.put(
        data,
        private={"payment_intent_data": params.get("payment_intent_data", {})},
        due_at=data["expires_at"],
    )
    for line in lines:
        store.put(parts.line_item(line), parent=session.key)
    return session


def _amounts(lines: list[pricing.Line], options: list[Json]) -> Json:
    subtotal = sum(line.subtotal for line in lines)
    discount = sum(line.discount for line in lines)
    rates = [option["shipping_rate_data"] for option in options]
    shipping_options = [parts.shipping_option(rate) for rate in rates]
    # The buyer gets the first option; the hosted page offers no choice.
    chosen = shipping_options[0] if shipping_options else None
    shipping = chosen["shipping_amount"] if chosen else 0
    return {
        "currency": lines[0].price_data["currency"],
        "amount_subtotal": subtotal,
        "amount_total": subtotal - discount + shipping,
        "total_details": {
            "amount_discount": discount,
            "amount_shipping": shipping,
            "amount_tax": 0,
        },
        "shipping_options": shipping_options,
        "shipping_cost": chosen
        and {
            "amount_subtotal": shipping,
            "amount_tax": 0,
            "amount_total": shipping,
            "shipping_rate": chosen["shipping_rate"],
        },
    }


def _shape(params: Json, base_url: str) -> Json:
    key = store.new_id("cs_test_", 58)
    given = {name: params.get(name) for name in COPIED}
    return given | {
        "id": key,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": _enabled(params, "adaptive_pricing", default=True)},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "created": store.now(),
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": _custom_text(params.get("custom_text") or {}),
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_details": _known_customer(params),
        "expires_at": params.get("expires_at", store.now() + DAY),
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": params.get("metadata") or {},
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": params.get("payment_method_options", {}),
        "payment_method_types": ["card", "sepa_debit"],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "status": "open",
        "subscription": None,
        "ui_mode": "hosted_page",
        "url": f"{base_url}/pay/{key}",
        "wallet_options": None,
    }


# Answered as they were given.
COPIED = (
    "after_expiration", "allow_promotion_codes", "allowed_payment_method_types",
    "billing_address_collection", "cancel_url", "client_reference_id", "consent_collection",
    "customer", "customer_account", "customer_email", "integration_identifier", "locale",
    "origin_context", "submit_type", "success_url",
)  # fmt: skip


def _enabled(params: Json, name: str, *, default: bool) -> bool:
    return bool(params.get(name, {}).get("enabled", default))


def _custom_text(given: Json) -> Json:
    names = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {name: given.get(name) or None for name in names}


def _known_customer(params: Json) -> Json | None:
    email = params.get("customer_email")
    return parts.customer_details(email, None) if email else None
