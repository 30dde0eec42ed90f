"""The payment providers the shop knows, by name."""

from decimal import Decimal
from functools import cache

from django.utils.module_loading import import_string

from .protocol import Gateway

GATEWAYS = {"stripe": "checkout.gateways.stripe_checkout.StripeCheckout"}
DEFAULT = "stripe"
FREE = "free"  # what the gateway of an order that costs nothing is called; no provider is asked


@cache
def get(name: str) -> Gateway:
    """The gateway called `name`, imported when first used. Raises KeyError."""
    gateway: Gateway = import_string(GATEWAYS[name])()
    return gateway


def check_payable(total: Decimal, currency: str) -> None:
    """Raises GatewayRefused if nobody could pay such a total. Nothing needs no payment."""
    if total:
        get(DEFAULT).check_payable(total, currency)
