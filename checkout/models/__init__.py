"""Orders, what they cost to send and to tax, and how they are paid."""

from .addresses import Address
from .orders import Order, OrderEvent, OrderLine
from .payments import PaymentAttempt, ProviderEvent
from .rates import ShippingMethod, ShippingRate, ShippingZone, TaxRate

__all__ = [
    "Address",
    "Order",
    "OrderEvent",
    "OrderLine",
    "PaymentAttempt",
    "ProviderEvent",
    "ShippingMethod",
    "ShippingRate",
    "ShippingZone",
    "TaxRate",
]
