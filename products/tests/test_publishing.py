"""Pages are words: what publishing does, and what it leaves alone."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield

from products.models import (
    Price,
    PriceChange,
    Product,
    ProductPage,
    StockItem,
    Variant,
)

from .factories import make_category, make_variant, set_price
from .forms import EDITING, PRICING, a_page

pytestmark = pytest.mark.django_db


def test_words_may_be_saved_without_a_product_but_not_published(client, sign_in):
    sign_in(*EDITING)
    category = make_category("Green tea")
    page_form = reverse("wagtailadmin_pages:add", args=["products", "productpage", category.pk])

    refused = client.post(page_form, a_page("") | {"action-publish": "yes"})
    saved = client.post(page_form, a_page(""))

    assert refused.status_code == 200
    assert "This field is required" in refused.content.decode()
    assert saved.status_code == 302
    assert not ProductPage.objects.get().live


def test_no_other_way_of_publishing_needs_no_product():
    make_variant("TEA-100", live=False)
    ProductPage.objects.update(product=None)
    page = ProductPage.objects.get()

    with pytest.raises(ValidationError):
        page.save_revision().publish()

    page.refresh_from_db()
    assert not page.live
    assert not Variant.objects.sellable().exists()


def test_the_page_form_shows_price_and_stock_and_where_to_change_them(client, sign_in):
    sign_in(*EDITING, *PRICING)
    variant = make_variant("TEA-100", price="12.50", stock=7)
    edit = reverse("wagtailadmin_pages:edit", args=[ProductPage.objects.get().pk])

    shown = client.get(edit).content.decode()

    assert "€12.50" in shown
    assert reverse("products:prices_and_stock", args=[variant.product_id]) in shown


def test_who_may_not_change_prices_is_shown_no_way_there(client, sign_in):
    sign_in(*EDITING)
    variant = make_variant("TEA-100", price="12.50")
    edit = reverse("wagtailadmin_pages:edit", args=[ProductPage.objects.get().pk])

    shown = client.get(edit).content.decode()

    assert "€12.50" in shown
    assert reverse("products:prices_and_stock", args=[variant.product_id]) not in shown


def test_publishing_any_old_version_leaves_price_and_stock_alone(client, sign_in):
    sign_in(*EDITING)
    variant = make_variant("TEA-100", price="12.50", stock=7, title="Sencha")
    page = ProductPage.objects.get()
    for number in range(3):
        page.title = f"Sencha {number}"
        page.save_revision().publish()
    set_price(variant, "15.00", compare_at="18.00")
    StockItem.objects.update(on_hand=5, reserved=2)
    before = (*Price.objects.values(), *StockItem.objects.values(), *PriceChange.objects.values())

    for revision in page.revisions.order_by("created_at"):
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        words = a_page(variant.product, title=revision.content["title"])
        client.post(edit, words | {"action-publish": "yes", "revision": revision.pk})
        revision.publish()

        page.refresh_from_db()
        assert page.title == revision.content["title"]
        now = (*Price.objects.values(), *StockItem.objects.values(), *PriceChange.objects.values())
        assert now == before


def test_an_old_version_whose_product_has_gone_can_still_be_opened(client, sign_in):
    sign_in(*EDITING)
    gone = Product.objects.create(name="Gone")
    make_variant("TEA-100")
    page = ProductPage.objects.get()
    kept = page.product
    page.product = gone
    old = page.save_revision()
    page.product = kept
    page.save_revision().publish()
    gone.delete()

    address = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, old.pk])

    assert client.get(address).status_code == 200


def test_scripts_in_rich_text_are_cleaned(client, sign_in):
    sign_in(*EDITING)
    variant = make_variant("TEA-100")
    page = ProductPage.objects.get()
    evil = {
        "blocks": [
            {
                "key": "a",
                "text": "<script>alert(1)</script> link",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"offset": 26, "length": 4, "key": 0}],
            }
        ],
        "entityMap": {
            "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(2)"}}
        },
    }
    words = a_page(variant.product, body=streamfield([("text", json.dumps(evil))]))

    client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), words | {"action-publish": "yes"}
    )

    page.refresh_from_db()
    shown = client.get(page.url).content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
    assert "javascript:" not in shown
