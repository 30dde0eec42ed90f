"""Orders, what they cost to send and to tax, and the whole life of their payment."""

from .addresses import Address
from .coupons import CouponRedemption
from .findings import Audit, Finding
from .order_lines import OrderLine
from .orders import Order
from .payments import PaymentAttempt, ProviderEvent
from .rates import TaxRate
from .refunds import Dispute, GoodsBack, Refund, RefundLine
from .shipping import ShippingMethod, ShippingRate, ShippingZone
from .timeline import OrderEvent
from .vat_checks import VatCheck

__all__ = [
    "Address",
    "Audit",
    "CouponRedemption",
    "Dispute",
    "Finding",
    "GoodsBack",
    "Order",
    "OrderEvent",
    "OrderLine",
    "PaymentAttempt",
    "ProviderEvent",
    "Refund",
    "RefundLine",
    "ShippingMethod",
    "ShippingRate",
    "ShippingZone",
    "TaxRate",
    "VatCheck",
]
