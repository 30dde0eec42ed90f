"""`python -m bench.shop.filling 500`: a catalogue, and so many carts about to be ordered."""

import json
import re
import sys
from decimal import Decimal

import django

django.setup()

from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from cart.models import Coupon, CouponCode  # noqa: E402
from cart.sessions import SessionStore  # noqa: E402
from products import stocking  # noqa: E402
from products.models import StockMovement, Variant  # noqa: E402

SKUS = ("SENCHA-100", "GENMAICHA-100", "GENMAICHA-250")
CODE = "BENCH-10"
TOKEN = "c" * 32  # of the form: what is in the cookie, sent again
ADDRESS = {
    "name": "Ada Lovelace",
    "street": "Lindenstraße 12",
    "postcode": "10969",
    "city": "Berlin",
    "country": "DE",
}


def fill(carts: int) -> list[dict[str, object]]:
    """Stock for all, a coupon, and the form and cookies of each shopper."""
    for variant in Variant.objects.filter(sku__in=SKUS):
        stocking.adjust(
            variant.pk,
            carts + 10,
            reason=StockMovement.Reason.RECEIVED,
            by=None,
            at=timezone.now(),
        )
    coupon = Coupon.objects.create(name="Bench", kind=Coupon.Kind.PERCENT, percent=Decimal(10))
    CouponCode.objects.create(coupon=coupon, code=CODE)
    contents = _contents()
    form = _form(_session(contents))
    return [
        {
            "cookie": f"sessionid={_session(contents)}; csrftoken={TOKEN}",
            "form": {**form, "email": f"ada{number}@example.com", "key": f"form-{number}"},
        }
        for number in range(carts)
    ]


def _contents() -> dict[str, object]:
    """What a session holds once three things and the code are in its cart."""
    shopper = Client(SERVER_NAME="127.0.0.1")
    for sku in SKUS:
        shopper.post(
            "/cart/add/", {"sku": sku, "quantity": 1}, headers={"Sec-Fetch-Site": "same-origin"}
        )
    shopper.post("/cart/coupon/", {"code": CODE})
    return dict(shopper.session.items())


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
