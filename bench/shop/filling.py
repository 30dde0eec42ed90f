"""`python -m bench.shop.filling 500`: a catalogue, and so many carts about to be ordered."""

import json
import random
import re
import sys
from decimal import Decimal

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from cart.models import Coupon, CouponCode  # noqa: E402
from cart.sessions import SessionStore  # noqa: E402
from products import stocking  # noqa: E402
from products.models import StockMovement, Variant  # noqa: E402

BASKETS = 40  # different ones, so that few orders wait for each other's goods or coupon
LINES = 3
TOKEN = "c" * 32  # of the form: what is in the cookie, sent again
ADDRESS = {
    "name": "Ada Lovelace",
    "street": "Lindenstraße 12",
    "postcode": "10969",
    "city": "Berlin",
    "country": "DE",
}


def fill(carts: int) -> list[dict[str, object]]:
    """Stock for all, coupons, and the form and cookies of each shopper."""
    skus = [variant.sku for variant in _stocked(carts)]
    chance = random.Random(7)
    baskets = [_basket(number, chance.sample(skus, LINES)) for number in range(BASKETS)]
    forms = [_form(_session(contents)) for contents in baskets]
    return [
        {
            "cookie": f"sessionid={_session(baskets[number % BASKETS])}; csrftoken={TOKEN}",
            "form": {
                **forms[number % BASKETS],
                "email": f"ada{number}@example.com",
                "key": f"form-{number}",
            },
        }
        for number in range(carts)
    ]


def _stocked(carts: int) -> list[Variant]:
    """Everything that is sold, with enough of it for everybody."""
    variants = list(Variant.objects.sellable().with_price(settings.SHOP_CURRENCY))
    for variant in variants:
        stocking.adjust(
            variant.pk, carts, reason=StockMovement.Reason.RECEIVED, by=None, at=timezone.now()
        )
    return variants


def _basket(number: int, skus: list[str]) -> dict[str, object]:
    """What a session holds once these things and a code are in its cart."""
    coupon = Coupon.objects.create(name="Bench", kind=Coupon.Kind.PERCENT, percent=Decimal(10))
    CouponCode.objects.create(coupon=coupon, code=f"BENCH-{number}")
    shopper = Client(SERVER_NAME="127.0.0.1")
    for sku in skus:
        shopper.post(
            "/cart/add/", {"sku": sku, "quantity": 1}, headers={"Sec-Fetch-Site": "same-origin"}
        )
    shopper.post("/cart/coupon/", {"code": f"BENCH-{number}"})
    contents = dict(shopper.session.items())
    assert len(contents["cart"]) == LINES, contents
    assert contents["coupon"] == f"BENCH-{number}", contents
    return contents


def _session(contents: dict[str, object]) -> str:
    session = SessionStore()
    session.update(contents)
    session.create()
    return str(session.session_key)


def _form(session: str) -> dict[str, str]:
    shopper = Client(SERVER_NAME="127.0.0.1")
    shopper.cookies["sessionid"] = session
    page = shopper.get("/checkout/").content.decode()
    total = re.search(r'name="seen_total" value="([^"]*)"', page)
    method = re.search(r'name="shipping_method" value="(\d+)"', page)
    assert total, page
    assert method, page
    return {
        **ADDRESS,
        "seen_total": total[1],
        "shipping_method": method[1],
        "terms": "on",
        "csrfmiddlewaretoken": TOKEN,
    }


print(json.dumps(fill(int(sys.argv[1]))))
