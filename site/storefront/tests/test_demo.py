"""The demo shop: complete, repeatable, and never by accident on a real shop."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone
from stdnum import ean

from checkout.models import CouponRedemption, Dispute, Order, Refund, TaxRate
from invoices.models import Invoice
from mailing.models import Message
from products.models import PlannedPrice, ProductPage, Variant
from storefront import books
from storefront.demo import images, past_orders, read, shelves
from storefront.management.commands import welcome

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_renditions(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take long, and Wagtail makes what is missing."""
    monkeypatch.setattr(images, "make_front_sizes", lambda: None)


def test_loading_twice_changes_nothing(settings: Any) -> None:
    settings.DEBUG = True
    call_command("demo", without_orders=True)
    once = _rows()

    call_command("demo", without_orders=True)

    assert _rows() == once


def test_what_an_editor_changed_survives_loading_again(settings: Any) -> None:
    settings.DEBUG = True
    call_command("demo", without_orders=True)
    ProductPage.objects.filter(slug="sencha").update(summary="Ours")

    call_command("demo", without_orders=True)

    assert ProductPage.objects.get(slug="sencha").summary == "Ours"


def test_a_shop_without_debug_is_left_alone(settings: Any) -> None:
    settings.DEBUG = False

    with pytest.raises(CommandError):
        call_command("demo", without_orders=True)

    assert not ProductPage.objects.exists()


def test_forty_products_in_every_state_and_every_picture_says_what_it_shows(
    settings: Any,
) -> None:
    settings.DEBUG = True

    call_command("demo", without_orders=True)

    variants = Variant.objects.with_stock().with_price("EUR")
    assert ProductPage.objects.live().count() == 40
    assert all(page.related.count() >= 4 for page in ProductPage.objects.live())
    assert all(
        ean.is_valid(gtin) for gtin in variants.exclude(gtin="").values_list("gtin", flat=True)
    )
    assert PlannedPrice.objects.pending().exists()
    assert variants.get(sku="WHISK-80").available == 0
    assert variants.get(sku="GENMAICHA-100").compare_at > variants.get(sku="GENMAICHA-100").price
    assert all(
        picture.alt_text for page in ProductPage.objects.live() for picture in page.gallery.all()
    )


def test_every_country_of_the_eu_has_its_two_rates(settings: Any) -> None:
    settings.DEBUG = True

    call_command("demo", without_orders=True)

    countries = Counter(TaxRate.objects.values_list("tax_class", "country").distinct())
    assert len(countries) == 27 * 2


def test_past_orders_are_really_paid_billed_given_back_and_disputed(
    settings: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEBUG = True
    call_command("demo", without_orders=True)
    monkeypatch.setattr(past_orders, "read", one_order_of_each_kind)

    past_orders.load(at=timezone.now())

    states = Counter(Order.objects.values_list("status", flat=True))
    assert states == {"fulfilled": 4, "paid": 1, "returned": 1, "expired": 1, "placed": 1}
    assert len(sandbox.events("checkout.session.completed")) == 6
    assert not Invoice.objects.filter(file="").exists()
    assert Counter(Invoice.objects.values_list("kind", flat=True)) == {
        "invoice": 6,
        "credit_note": 2,
        "delivery_note": 5,
    }
    assert Refund.objects.filter(state=Refund.State.SUCCEEDED).count() == 2
    assert Dispute.objects.get().closed_at is None
    assert CouponRedemption.objects.count() == 1
    assert not Message.objects.exclude(state=Message.State.SENT).exists()
    assert not list(books.breaches(timezone.now()))


def one_order_of_each_kind(name: str) -> dict[str, Any]:
    facts = read(name)
    kinds = {(entry.get("then"), "coupon" in entry): entry for entry in facts["orders"]}
    return facts | {"orders": list(kinds.values())}


def test_every_past_order_can_be_placed() -> None:
    facts = read("past_orders")
    keys = [(entry["days_ago"], entry["by"]) for entry in facts["orders"]]
    skus = {sku for entry in facts["orders"] for sku in entry["lines"]}
    sold = {
        choice["sku"]
        for name in shelves.GOODS
        for entry in read(name)["product"]
        for choice in entry["variants"]
    }

    assert len(set(keys)) == len(keys)
    assert {entry["by"] for entry in facts["orders"]} <= facts["customer"].keys()
    assert skus <= sold


@pytest.mark.parametrize("place", ["Shop", "Admin", "Outbox"])
def test_the_addresses_shown_at_the_start_lead_somewhere(client: Any, place: str) -> None:
    address = welcome.addresses()[place]

    assert client.get(urlsplit(address).path or "/", follow=True).status_code == 200


def _rows() -> dict[str, int]:
    # Wagtail's search index is written anew whenever something is saved or not.
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}
