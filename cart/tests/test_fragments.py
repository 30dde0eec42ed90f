"""What script gets in place of a page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cart.tests.factories import make_coupon
from products.tests.factories import make_variant

SCRIPT = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true"}


def send(client: Client, view: str, **data: Any) -> Any:
    return client.post(reverse(f"cart:{view}"), data, headers=SCRIPT)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
def test_adding_tells_what_is_in_the_cart_now_and_stays_on_the_page(client):
    make_variant("TEA-100", price="12.50", title="Sencha")
    send(client, "add", sku="TEA-100", quantity=1)

    response = send(client, "add", sku="TEA-100", quantity=2)

    assert response.status_code == 200
    assert "<html" not in text(response)
    assert "Added to your cart" in text(response)
    assert "3 × €12.50" in text(response)
    assert response.cookies["cart_count"].value == "3"
    assert "Added to your cart" not in text(client.get(reverse("cart:show")))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sku", "quantity", "why"),
    [
        ("NOPE", 1, "not for sale"),
        ("<b>", 1, "does not exist"),
        ("TEA-100", 100, "99 of one product at most"),
    ],
)
def test_what_cannot_be_added_is_told_why_and_the_cart_stays(client, sku, quantity, why):
    make_variant("TEA-100")
    send(client, "add", sku="TEA-100", quantity=1)

    response = send(client, "add", sku=sku, quantity=quantity)

    assert why in text(response)
    assert "Added to your cart" not in text(response)
    assert response.cookies["cart_count"].value == "1"
    assert why not in text(client.get(reverse("cart:show")))  # said once


@pytest.mark.django_db
def test_changes_are_answered_with_the_new_contents_alone(client):
    make_variant("TEA-100", price="12.50")
    make_coupon("TEA10", percent="10")
    send(client, "add", sku="TEA-100", quantity=1)

    changed = send(client, "update", sku="TEA-100", quantity=2)
    reduced = send(client, "apply_coupon", code="TEA10")
    full = send(client, "remove_coupon")
    emptied = send(client, "update", sku="TEA-100", quantity=0)

    assert "2 things in your cart, €25.00" in text(changed)
    assert "2 things in your cart, €22.50" in text(reduced)
    assert "2 things in your cart, €25.00" in text(full)
    assert "Your cart is empty." in text(emptied)
    assert not any("<html" in text(each) for each in (changed, reduced, full, emptied))


@pytest.mark.django_db
def test_a_refused_coupon_shows_the_reason_and_the_code_again(client):
    make_variant("TEA-100")
    send(client, "add", sku="TEA-100", quantity=1)

    response = send(client, "apply_coupon", code="NOPE")

    assert "NOPE is not a valid code" in text(response)
    assert 'value="NOPE"' in text(response)
    assert "autofocus" in text(response)


@pytest.mark.django_db
def test_an_address_answers_its_whole_page_to_script_too(client):
    assert "<html" in text(client.get(reverse("cart:show"), headers=SCRIPT))


@pytest.mark.django_db
def test_strangers_add_nothing_by_pretending_to_be_script(client):
    make_variant("TEA-100")

    response = client.post(
        reverse("cart:add"),
        {"sku": "TEA-100", "quantity": 1},
        headers={"Sec-Fetch-Site": "cross-site", "HX-Request": "true"},
    )

    assert response.status_code == 403
    assert not client.session.get("cart")
