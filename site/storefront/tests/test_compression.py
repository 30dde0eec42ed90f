"""Pages of one visitor travel as small as those that are kept for everybody."""

import gzip

import pytest

from checkout.tests.buying import Shopper, open_shop
from checkout.tests.factories import make_order
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/search/?q=tea", "/cart/", "/checkout/", "/orders/{}/"])
def test_a_page_that_nobody_keeps_is_compressed(address):
    open_shop()
    make_variant("TEA-100")
    shopper = Shopper()
    shopper.add("TEA-100")
    address = address.format(make_order().token)

    answer = shopper.client.get(address, headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert b"<html" in gzip.decompress(answer.content)
