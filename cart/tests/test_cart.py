from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
import zeal
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from cart.cart import MAX_LINES, Cart
from cart.sessions import SessionStore
from products import kept
from products.tests.factories import make_variant, set_price
from products.tests.test_pages import picture, rendered_before

OURS = {"Sec-Fetch-Site": "same-origin"}


def add(client: Client, sku: str, quantity: Any = 1, **headers: str) -> Any:
    return client.post(
        reverse("cart:add"), {"sku": sku, "quantity": quantity}, headers=headers or OURS
    )


def in_cart(client: Client) -> dict[str, int]:
    wanted = client.session.get("cart", {})
    return {sku: entry["quantity"] for sku, entry in wanted.items()}


@pytest.mark.django_db
def test_what_is_added_stands_in_the_cart_with_its_price(client):
    make_variant("TEA-100", price="12.50", title="Sencha")

    response = add(client, "TEA-100", 2)

    assert (response.status_code, response.url) == (303, reverse("cart:show"))
    assert response.cookies["cart_count"].value == "2"
    page = client.get(reverse("cart:show")).content.decode()
    assert "Sencha" in page
    assert "€25.00" in page


@pytest.mark.django_db
def test_looking_at_the_empty_cart_starts_no_session(client):
    response = client.get(reverse("cart:show"))

    assert response.status_code == 200
    assert settings.SESSION_COOKIE_NAME not in response.cookies


@pytest.mark.django_db
def test_the_number_beside_the_cart_goes_with_a_session_that_has_gone(client):
    make_variant("TEA-100")
    add(client, "TEA-100", 2)
    del client.cookies[settings.SESSION_COOKIE_NAME]

    response = client.get(reverse("cart:show"))

    assert response.cookies["cart_count"]["max-age"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "quantity",
    ["-1", "0", "1.5", "1e3", "٣", "NaN", "2147483648", "9223372036854775808", "1" + "0" * 30,
     "7" * 5000, "", " ", "1_0", "0x1", "\0", "1\0"],
)  # fmt: skip
def test_a_quantity_that_is_none_gets_a_message_and_leaves_the_cart(client, quantity):
    make_variant("TEA-100")
    add(client, "TEA-100", 2)

    response = client.post(
        reverse("cart:add"), {"sku": "TEA-100", "quantity": quantity}, headers=OURS, follow=True
    )

    assert response.status_code == 200
    assert in_cart(client) == {"TEA-100": 2}
    assert [str(message) for message in response.context["messages"]]


@pytest.mark.django_db
@pytest.mark.parametrize("sku", ["", "NOPE", "tea-100", "TEA-100\0", "'", "A" * 5000, "<script>"])
def test_a_sku_that_does_not_exist_gets_a_message(client, sku):
    make_variant("TEA-100")

    response = client.post(
        reverse("cart:add"), {"sku": sku, "quantity": 1}, headers=OURS, follow=True
    )

    assert response.status_code == 200
    assert in_cart(client) == {}
    assert [str(message) for message in response.context["messages"]]


@pytest.mark.django_db
def test_repeated_adds_stop_at_the_limit_of_a_line(client):
    make_variant("TEA-100", stock=500)
    add(client, "TEA-100", 99)

    add(client, "TEA-100", 1)

    assert in_cart(client) == {"TEA-100": 99}


@pytest.mark.django_db
def test_a_cart_holds_so_many_lines_and_no_more(client):
    product = make_variant("TEA-0").product
    for number in range(1, MAX_LINES + 1):
        make_variant(f"TEA-{number}", product=product, first_value=str(number))
    for number in range(MAX_LINES):
        add(client, f"TEA-{number}")

    add(client, f"TEA-{MAX_LINES}")

    assert len(in_cart(client)) == MAX_LINES
    assert f"TEA-{MAX_LINES}" not in in_cart(client)


@pytest.mark.django_db
def test_a_changed_price_is_told_and_taken_when_the_shopper_agrees(client):
    variant = make_variant("TEA-100", price="10.00", title="Sencha")
    add(client, "TEA-100")
    set_price(variant, "12.00")

    page = client.get(reverse("cart:show")).content.decode()
    assert "Sencha: now €12.00, was €10.00." in page

    client.post(reverse("cart:acknowledge"))
    page = client.get(reverse("cart:show")).content.decode()
    assert "was €10.00" not in page
    assert "€12.00" in page


@pytest.mark.django_db
def test_what_is_no_longer_sold_is_told_and_not_charged(client):
    variant = make_variant("TEA-100", title="Sencha")
    make_variant("TEA-200", title="Assam", price="8.00")
    add(client, "TEA-100")
    add(client, "TEA-200")
    variant.is_active = False
    variant.save()

    page = client.get(reverse("cart:show"))

    assert "Sencha is no longer available." in page.content.decode()
    assert page.context["cart"].subtotal == Decimal("8.000")


@pytest.mark.django_db
def test_more_than_is_left_is_told_before_the_checkout(client):
    make_variant("TEA-100", stock=2)
    add(client, "TEA-100", 3)

    page = client.get(reverse("cart:show")).content.decode()

    assert "Only 2 left." in page
    assert reverse("checkout:checkout") not in page


@pytest.mark.django_db
def test_setting_a_quantity_to_none_takes_the_line_out(client):
    make_variant("TEA-100")
    add(client, "TEA-100", 3)

    client.post(reverse("cart:update"), {"sku": "TEA-100", "quantity": 2})
    assert in_cart(client) == {"TEA-100": 2}
    response = client.post(reverse("cart:update"), {"sku": "TEA-100", "quantity": 0})

    assert in_cart(client) == {}
    assert response.cookies["cart_count"]["max-age"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "https://testserver"},
        {"Referer": "http://evil.example/http://testserver/"},
        {"Origin": "http://[broken"},
        {"Accept": "*/*"},
    ],
)
def test_another_sites_form_adds_nothing(client, headers):
    make_variant("TEA-100")

    assert add(client, "TEA-100", **headers).status_code == 403
    assert in_cart(client) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers", [{"Origin": "http://testserver"}, {"Referer": "http://testserver/tea/"}]
)
def test_browsers_that_do_not_say_sec_fetch_site_can_buy(client, headers):
    make_variant("TEA-100")

    assert add(client, "TEA-100", **headers).status_code == 303
    assert in_cart(client) == {"TEA-100": 1}


@pytest.mark.django_db
def test_adding_to_the_cart_takes_four_queries_at_most(client, django_assert_max_num_queries):
    make_variant("TEA-100")
    make_variant("TEA-200", title="Assam")
    add(client, "TEA-100")

    with django_assert_max_num_queries(4):
        add(client, "TEA-200")

    assert in_cart(client) == {"TEA-100": 1, "TEA-200": 1}


@pytest.mark.django_db
def test_a_cart_of_five_lines_takes_four_queries_at_most(
    client, settings, tmp_path, monkeypatch, django_assert_max_num_queries
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(kept, "MOMENT", 60.0)  # the menu, as in a running shop
    for number in range(5):
        variant = make_variant(f"TEA-{number}", title=f"Tea {number}")
        variant.image = picture(f"tea-{number}")
        variant.save()
        add(client, variant.sku)
    rendered_before(client, reverse("cart:show"))

    with django_assert_max_num_queries(4), zeal.zeal_context():
        page = client.get(reverse("cart:show")).content.decode()

    assert page.count('class="cart-line__picture"') == page.count("fill-240x240") == 5


@pytest.mark.django_db(transaction=True)
def test_fifty_adds_of_one_visitor_at_once_are_fifty():
    make_variant("TEA-100", stock=500)
    first = SessionStore()
    first["seen"] = True
    first.save()
    together = Barrier(10)

    def five_times() -> None:
        together.wait()
        for _ in range(5):
            Cart(SessionStore(first.session_key)).add("TEA-100", 1)
        connection.close()

    _in_threads(five_times, 10)

    assert SessionStore(first.session_key)["cart"]["TEA-100"]["quantity"] == 50


@pytest.mark.django_db(transaction=True)
def test_two_requests_that_change_other_keys_keep_each_others_changes():
    first = SessionStore()
    first["a"] = 1
    first.save()
    slow, quick = SessionStore(first.session_key), SessionStore(first.session_key)
    slow["b"], quick["c"] = slow.get("a"), quick.get("a")

    quick.save()
    slow.save()

    assert dict(SessionStore(first.session_key).items()) == {"a": 1, "b": 1, "c": 1}


@pytest.mark.django_db
def test_a_session_deleted_meanwhile_stays_deleted():
    from django.contrib.sessions.backends.base import UpdateError

    session = SessionStore()
    session["a"] = 1
    session.save()
    slow = SessionStore(session.session_key)
    slow["b"] = slow["a"]
    session.delete()

    with pytest.raises(UpdateError):
        slow.save()

    assert not SessionStore().exists(slow.session_key)


def _in_threads(work: Any, count: int) -> None:
    threads = [Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
