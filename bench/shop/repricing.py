"""`python -m bench.shop.repricing ASSAM-100 77.00`: a new price; prints when it was committed."""

import sys
import time
from decimal import Decimal

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from products.models import Variant  # noqa: E402
from products.pricing import set_price  # noqa: E402

set_price(
    Variant.objects.get(sku=sys.argv[1]),
    Decimal(sys.argv[2]),
    currency=settings.SHOP_CURRENCY,
    by=None,
    at=timezone.now(),
)
print(time.time())
