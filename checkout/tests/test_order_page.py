"""The guest's order page: for whoever has the link, and for nobody else."""

import pytest
from django.urls import reverse

from checkout.models import Order
from checkout.tests.buying import Shopper, open_shop
from checkout.tests.factories import make_order
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", Order.Status.values)
def test_every_state_has_a_page(client, status):
    order = make_order(status=status)

    response = client.get(order.get_absolute_url())

    assert response.status_code == 200
    assert order.number in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["orders:show", "orders:invoice"])
@pytest.mark.parametrize(
    "token", ["x", "0", "-1", "' OR 1=1 --", "..%2f", "a" * 3000, "%C0%AF", "٣", "7K3Q-9XMF"]
)
def test_a_guessed_link_finds_nothing(client, name, token):
    make_order()
    path = reverse(name, args=["TOKEN"]).replace("TOKEN", token)

    assert client.get(path).status_code == 404


def test_number_and_key_of_an_order_open_nothing(client):
    order = make_order(status="paid")

    for secret in (order.number, str(order.pk), order.placement_key):
        assert client.get(reverse("orders:show", args=[secret])).status_code == 404
        assert client.get(reverse("orders:invoice", args=[secret])).status_code == 404


@pytest.mark.parametrize("path", ["/orders/%00/", "/orders/x/?a=%00", "/checkout/return/%00/"])
def test_a_nul_byte_is_answered_400(client, path):
    assert client.get(path).status_code == 400


def test_the_owner_downloads_the_invoice_and_the_media_folder_has_none(sandbox, run_tasks):
    open_shop()
    make_variant("TEA-100")
    shopper = Shopper()
    shopper.add("TEA-100")
    order = shopper.place()
    sandbox.pay(order.attempts.get().reference)
    shopper.come_back(order)
    run_tasks()

    response = shopper.client.get(reverse("orders:invoice", args=[order.token]))

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    from invoices.models import Invoice

    name = Invoice.objects.get().file.name
    assert shopper.client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize("name", ["orders:pay", "orders:cancel"])
def test_nothing_is_paid_or_given_up_by_following_a_link(client, name):
    order = make_order()

    assert client.get(reverse(name, args=[order.token])).status_code == 405

    order.refresh_from_db()
    assert order.status == Order.Status.PLACED
    assert not order.attempts.exists()


def test_markup_in_names_is_printed_as_text(client):
    order = make_order(name="<script>alert(1)</script>")

    page = client.get(order.get_absolute_url()).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
