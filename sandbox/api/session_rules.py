"""What Stripe's reference says about a new session in words."""

import re
import time
from typing import Any

from sandbox import money
from sandbox.api.refusals import check_currency, missing, refuse

Json = dict[str, Any]
HALF_HOUR, DAY = 30 * 60, 24 * 3600
SLACK = 60  # seconds the request may have been under way


def check_session(params: Json) -> None:
    """Raise what Stripe would answer."""
    if params.get("mode", "payment") != "payment":
        refuse("mode", "The sandbox only knows mode=payment.")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        refuse("ui_mode", "The sandbox only knows ui_mode=hosted_page.")
    _check_urls(params)
    _check_expiry(params)
    _check_who_and_discount(params)
    _check_items(params.get("line_items", []))
    _check_shipping(params)


def _check_urls(params: Json) -> None:
    if "success_url" not in params:
        missing("success_url")
    for name in ("success_url", "cancel_url"):
        if name in params and not re.match(r"https?://[^/\s]+", params[name]):
            refuse(name, "Not a valid URL", "url_invalid")


def _check_expiry(params: Json) -> None:
    at, now = params.get("expires_at"), time.time()
    if at is not None and not now + HALF_HOUR - SLACK <= at <= now + DAY + SLACK:
        refuse("expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours "
                "from Checkout Session creation.")  # fmt: skip


def _check_who_and_discount(params: Json) -> None:
    if "customer" in params and "customer_email" in params:
        refuse("customer_email", "You may only specify one of these parameters: customer, "
                "customer_email.", "parameter_conflicting")  # fmt: skip
    if "@" not in params.get("customer_email", "@"):
        refuse("customer_email", f"Invalid email address: {params['customer_email']}",
                "email_invalid")  # fmt: skip
    if len(params.get("client_reference_id", "")) > 200:
        refuse("client_reference_id", "Must be at most 200 characters.")
    discounts = params.get("discounts") or []
    if discounts and params.get("allow_promotion_codes"):
        refuse("discounts", "You may only specify one of these parameters: "
                "allow_promotion_codes, discounts.", "parameter_conflicting")  # fmt: skip
    if len(discounts) > 1:
        refuse("discounts", "Only up to one discount may be specified.")
    if discounts and "coupon" not in discounts[0]:
        refuse("discounts[0]", "The sandbox only knows discounts by coupon.")


def _check_items(items: list[Json]) -> None:
    if not items:
        missing("line_items")
    if len(items) > 100:
        refuse("line_items", "At most 100 line items are allowed.")
    for index, item in enumerate(items):
        _check_item(f"line_items[{index}]", item)
    currencies = {item["price_data"]["currency"] for item in items if "price_data" in item}
    if len(currencies) > 1:
        refuse("line_items", "All prices must have the same currency.")


def _check_item(where: str, item: Json) -> None:
    if ("price" in item) == ("price_data" in item):
        refuse(where, "You must specify either `price` or `price_data`.")
    for name in ("tax_rates", "dynamic_tax_rates", "adjustable_quantity"):
        if item.get(name):
            refuse(f"{where}[{name}]", f"The sandbox does not know {name}.")
    if "quantity" not in item:
        missing(f"{where}[quantity]")
    if item["quantity"] < 1:
        refuse(f"{where}[quantity]", "Invalid quantity: must be at least 1.",
                "parameter_invalid_integer")  # fmt: skip
    if "price_data" in item:
        _check_price(f"{where}[price_data]", item["price_data"])


def _check_price(where: str, price: Json) -> None:
    if "product_data" not in price:
        refuse(f"{where}[product_data]", "The sandbox keeps no products: use product_data.")
    if ("unit_amount" in price) == ("unit_amount_decimal" in price):
        refuse(where, "You must specify one of `unit_amount` and `unit_amount_decimal`.")
    if "recurring" in price:
        refuse(f"{where}[recurring]", "You cannot use recurring prices in `payment` mode.")
    amount = float(price["unit_amount" if "unit_amount" in price else "unit_amount_decimal"])
    if amount < 0:
        refuse(f"{where}[unit_amount]", "Invalid non-negative integer",
                "parameter_invalid_integer")  # fmt: skip
    check_currency(f"{where}[currency]", price["currency"])
    if price["currency"] in money.THREE_DECIMAL and amount % 10:
        refuse(f"{where}[unit_amount]", "The last digit must be 0 in this currency.")


def _check_shipping(params: Json) -> None:
    options = params.get("shipping_options") or []
    if len(options) > 5:
        refuse("shipping_options", "At most 5 shipping options are allowed.")
    for index, option in enumerate(options):
        where = f"shipping_options[{index}]"
        if "shipping_rate" in option or "shipping_rate_data" not in option:
            refuse(where, "The sandbox keeps no shipping rates: use shipping_rate_data.")
        _check_rate(f"{where}[shipping_rate_data]", option["shipping_rate_data"], params)


def _check_rate(where: str, rate: Json, params: Json) -> None:
    if "fixed_amount" not in rate:
        missing(f"{where}[fixed_amount]")
    if rate["fixed_amount"]["amount"] < 0:
        refuse(f"{where}[fixed_amount][amount]", "Invalid non-negative integer",
                "parameter_invalid_integer")  # fmt: skip
    prices = [item["price_data"] for item in params["line_items"] if "price_data" in item]
    if any(price["currency"] != rate["fixed_amount"]["currency"] for price in prices):
        refuse(f"{where}[fixed_amount][currency]", "All prices must have the same currency.")
