"""Which orders, products and other records the screens of the desk are judged by."""

import json

from tests.fixtures.whole_shop import Shop

# One of each that its screen has the most to say of.
FIND = """
import json
from cart.models import Coupon
from checkout.models import *
from home.models import HomePage
from invoices.models import Invoice
from mailing.models import Message
from products.models import *

orders, pages = Order.objects, ProductPage.objects
planned = Product.objects.filter(variants__planned_prices__applied_at=None)
print(json.dumps({name: rows.order_by("pk").last().pk for name, rows in {
    "to_send": orders.filter(status="paid"),
    "sent": orders.filter(status="fulfilled", refunds=None),
    "disputed": orders.filter(disputes__isnull=False),
    "returned": orders.filter(refunds__isnull=False),
    "attempt": PaymentAttempt.objects.filter(refunds__isnull=False),
    "event": ProviderEvent.objects.all(),
    "refund": Refund.objects.all(),
    "dispute": Dispute.objects.all(),
    "invoice": Invoice.objects.filter(corrections__isnull=False),
    "message": Message.objects.exclude(attachments=[]),
    "coupon": Coupon.objects.filter(redemptions__isnull=False),
    "priced": planned,
    "product_page": pages.filter(slug="sencha"),
    "category_page": CategoryPage.objects.filter(slug="green"),
    "home_page": HomePage.objects.all(),
    "method": ShippingMethod.objects.all(),
    "zone": ShippingZone.objects.all(),
    "rate": TaxRate.objects.all(),
}.items()}))
"""


def keys(shop: Shop) -> dict[str, int]:
    """Their primary keys, by the names that `pages.py` gives them."""
    return dict(json.loads(shop.manage("shell", "--no-imports", "-c", FIND).splitlines()[-1]))
