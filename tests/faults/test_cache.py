"""The cache may vanish at any time: that costs speed, never a page, a cart or a logout."""

from collections.abc import Callable

import pytest
import requests

from tests.faults.people import Buyer

SLOW = 5  # seconds: slower only


@pytest.fixture(params=["refuse", "freeze", "wipe"])
def lose_cache(shop, request) -> Callable[[], None]:
    """Takes the cache away when it is called."""
    lost: Callable[[], None] = (
        shop.wipe_cache if request.param == "wipe" else getattr(shop.lines["cache"], request.param)
    )
    return lost


@pytest.mark.row("Redis cache down, frozen, wiped")
def test_the_shop_sells_without_its_cache(shop, lose_cache):
    buyer = Buyer(shop)
    buyer.add("SENCHA-50")
    lose_cache()

    for path in ("/", "/tea/", "/tea/green/", "/tea/green/sencha/", "/cart/", "/search/", "/nope/"):
        answer = buyer.get(path)
        assert answer.status_code < 500, path
        assert answer.elapsed.total_seconds() < SLOW
    shop.sandbox.pay(buyer.place())
    buyer.come_back()

    buyer.wait_for_everything(20)
    assert max(buyer.answers) < 500


@pytest.mark.row("Redis cache down, frozen, wiped")
def test_a_logout_stays_a_logout(shop, lose_cache):
    browser = requests.Session()
    sign_in(browser, shop.url)
    thief = dict(browser.cookies)
    assert is_inside(shop.url, thief)
    lose_cache()

    proof = browser.cookies["csrftoken"]
    left = browser.post(f"{shop.url}/admin/logout/", {"csrfmiddlewaretoken": proof})
    assert left.status_code < 500
    shop.heal_lines()
    shop.stop("web")  # which leaves a cache alone for a while once it was away
    shop.start("web")
    shop.wait_until_open()

    assert not is_inside(shop.url, thief)


def is_inside(url: str, cookies: dict[str, str]) -> bool:
    """Whether these open the admin; if not, they lead to the sign-in."""
    return "/login/" not in requests.get(f"{url}/admin/", cookies=cookies).url


def sign_in(browser: requests.Session, url: str) -> None:
    browser.get(f"{url}/admin/login/")
    form = {
        "username": "staff",
        "password": "demo-staff",
        "csrfmiddlewaretoken": browser.cookies["csrftoken"],
    }
    assert browser.post(f"{url}/admin/login/", form).status_code == 200
