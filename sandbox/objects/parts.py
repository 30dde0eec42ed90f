"""Parts that Stripe makes out of inline data: prices, products, shipping rates, discounts."""

from sandbox.objects import store
from sandbox.objects.pricing import Line, unit_amount
from sandbox.objects.store import Json

NO_ADDRESS = {
    "city": None, "country": None, "line1": None, "line2": None, "postal_code": None,
    "state": None,
}  # fmt: skip


def line_item(line: Line) -> Json:
    """The `item` of one line."""
    name = line.price_data["product_data"]["name"]
    return {
        "id": store.new_id("li_1"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": line.discount,
        "amount_subtotal": line.subtotal,
        "amount_tax": 0,
        "amount_total": line.total,
        "currency": line.price_data["currency"],
        "description": name,
        "metadata": line.metadata,
        "price": _price(line.price_data),
        "quantity": line.quantity,
    }


def _price(data: Json) -> Json:
    amount = unit_amount(data)
    whole = int(amount) if amount == int(amount) else None
    return {
        "id": store.new_id("price_1"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": store.now(),
        "currency": data["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": data.get("metadata", {}),
        "nickname": None,
        # An id, not an object: Stripe answers so unless it is expanded.
        "product": store.new_id("prod_", 14),
        "recurring": None,
        "tax_behavior": data.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": whole,
        "unit_amount_decimal": format(amount, "f") if whole is None else str(whole),
    }


def shipping_option(data: Json) -> Json:
    """A `shipping_options` entry; its rate is an id, its amount is what is added."""
    return {
        "shipping_amount": data["fixed_amount"]["amount"],
        "shipping_rate": store.new_id("shr_1"),
    }


def discount(coupon: str) -> Json:
    """A `discounts` entry of a session."""
    return {"coupon": coupon, "promotion_code": None}


def customer_details(email: str | None, name: str | None) -> Json:
    """What the buyer typed on the hosted page."""
    return {
        "address": dict(NO_ADDRESS),
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
