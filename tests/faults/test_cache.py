"""The cache may vanish at any time: that costs speed, never a page, a cart or a logout."""

import pytest
import requests

from tests.faults.people import Buyer

SLOW = 5  # seconds: slower only


@pytest.fixture(params=["refuse", "freeze", "wipe"])
def without_cache(shop, request):
    requests.get(f"{shop.url}/tea/green/sencha/")  # makes its pictures
    if request.param == "wipe":
        shop.wipe_cache()
    else:
        getattr(shop.lines["cache"], request.param)()
    return request.param


@pytest.mark.row("Redis cache down, frozen, wiped")
def test_the_shop_sells_without_its_cache(shop, without_cache):
    buyer = Buyer(shop)

    for path in ("/", "/tea/", "/tea/green/", "/tea/green/sencha/", "/cart/", "/search/", "/nope/"):
        answer = buyer.get(path)
        assert answer.status_code < 500, path
        assert answer.elapsed.total_seconds() < SLOW
    shop.sandbox.pay(buyer.order())
    buyer.come_back()

    buyer.wait_for_everything(20)
    assert max(buyer.answers) < 500


@pytest.mark.row("Redis cache down, frozen, wiped")
def test_a_logout_stays_a_logout(shop, without_cache):
    browser = requests.Session()
    sign_in(browser, shop.url)
    thief = dict(browser.cookies)
    assert browser.get(f"{shop.url}/admin/").url.endswith("/admin/")

    proof = browser.cookies["csrftoken"]
    left = browser.post(f"{shop.url}/admin/logout/", {"csrfmiddlewaretoken": proof})
    assert left.status_code < 500
    shop.heal_lines()

    assert "/login/" in requests.get(f"{shop.url}/admin/", cookies=thief).url


def sign_in(browser: requests.Session, url: str) -> None:
    browser.get(f"{url}/admin/login/")
    form = {
        "username": "staff",
        "password": "demo-staff",
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }
    assert browser.post(f"{url}/admin/login/", form).status_code == 200
