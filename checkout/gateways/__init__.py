"""The payment providers the shop knows, by name."""

from functools import cache
from importlib import import_module

from .protocol import Gateway

GATEWAYS = {"stripe": "checkout.gateways.stripe_checkout"}
DEFAULT = "stripe"


@cache
def get(name: str) -> Gateway:
    """The gateway called `name`, imported when first used. Raises KeyError."""
    gateway: Gateway = import_module(GATEWAYS[name]).StripeCheckout()
    return gateway
