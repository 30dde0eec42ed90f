"""`python -m bench.shop.mailed 10`: so many orders paid, through every process of a shop."""

import json
import re
import sys
import tempfile
import time
from pathlib import Path

import django
import requests

django.setup()

from tests.faults.people import ADDRESS, OURS  # noqa: E402
from tests.fixtures.whole_shop import Shop, demo_shop  # noqa: E402

SKU = "SENCHA-50"


def waits(times: int) -> list[float]:
    """Seconds from paying to the mail with the invoice, for one order after the other."""
    with tempfile.TemporaryDirectory() as folder, demo_shop(Path(folder)) as shop:
        shop.open()
        _wait(shop, "first@example.com")  # the first invoice of a worker imports its printer
        return [_wait(shop, f"ada{number}@example.com") for number in range(times)]


def _wait(shop: Shop, email: str) -> float:
    page = _payment_page(shop, email)
    shop.sandbox.pay(page)
    paid = time.monotonic()
    shop.mails.wait_for(lambda mail: mail["To"] == email and any(mail.iter_attachments()))
    return time.monotonic() - paid


def _payment_page(shop: Shop, email: str) -> str:
    """Order one thing. The provider's name of the page where it is paid."""
    with requests.Session() as browser:
        browser.post(f"{shop.url}/cart/add/", {"sku": SKU, "quantity": "1"}, headers=OURS)
        form = browser.get(f"{shop.url}/checkout/").text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        (method, *_) = re.findall(r'name="shipping_method" value="(\d+)"', form)
        answer = browser.post(
            f"{shop.url}/checkout/",
            {**hidden, **ADDRESS, "email": email, "shipping_method": method, "terms": "on"},
            allow_redirects=False,
        )
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


print(json.dumps(waits(int(sys.argv[1]))))
