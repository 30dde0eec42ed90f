"""The demo shop: complete, repeatable, and never by accident on a real shop."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from checkout.models import Order, TaxRate
from invoices.models import Invoice
from mailing.models import Message
from products.models import ProductPage, Variant
from storefront.demo import images, past_orders
from storefront.management.commands import welcome

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_renditions(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take long, and Wagtail makes what is missing."""
    monkeypatch.setattr(images, "make_list_sizes", lambda: None)


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


def test_something_is_sold_out_something_reduced_and_every_picture_says_what_it_shows(
    settings: Any,
) -> None:
    settings.DEBUG = True

    call_command("demo", without_orders=True)

    variants = Variant.objects.with_stock().with_price("EUR")
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


def test_past_orders_are_really_paid_and_billed(settings: Any, sandbox: Any) -> None:
    settings.DEBUG = True
    call_command("demo", without_orders=True)

    past_orders.load(at=timezone.now())

    states = Counter(Order.objects.values_list("status", flat=True))
    assert states == {"fulfilled": 8, "paid": 3, "expired": 1, "placed": 1}
    assert Invoice.objects.exclude(file="").count() == 11
    assert not Message.objects.exclude(state=Message.State.SENT).exists()
    assert len(sandbox.events("checkout.session.completed")) == 11


@pytest.mark.parametrize("place", ["Shop", "Admin", "Outbox"])
def test_the_addresses_shown_at_the_start_lead_somewhere(client: Any, place: str) -> None:
    address = welcome.addresses()[place]

    assert client.get(urlsplit(address).path or "/", follow=True).status_code == 200


def _rows() -> dict[str, int]:
    # Wagtail's search index is written anew whenever something is saved or not.
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}
