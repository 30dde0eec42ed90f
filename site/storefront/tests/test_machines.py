"""Sitemap, feed and the other files for machines: complete, public, and nobody's in particular."""

import json
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.conf import settings
from wagtail.models import PageViewRestriction

from checkout.tests.buying import open_shop
from home.models import ContentPage
from products import merchant_feed
from products.models import Product, Variant
from products.tests.factories import (
    make_category,
    make_home,
    make_product_page,
    make_variant,
    set_price,
)
from products.tests.test_pages import show
from storefront.discovery import sitemaps

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
G = "{http://base.google.com/ns/1.0}"
FILES = [
    "/robots.txt",
    "/sitemap.xml",
    "/sitemap-1.xml",
    "/feeds/products.xml",
    "/llms.txt",
    "/site.webmanifest",
]


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def items(client) -> list[dict[str, str]]:
    """What the feed says of each variant."""
    root = ElementTree.fromstring(client.get("/feeds/products.xml").getvalue())
    return [{field.tag.removeprefix(G): field.text for field in item} for item in root.iter("item")]


def listed(client, number: int = 1) -> list[str]:
    root = ElementTree.fromstring(client.get(f"/sitemap-{number}.xml").content)
    return [loc.text.removeprefix(settings.BASE_URL) for loc in root.iter(f"{SITEMAP}loc")]


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_the_same_for_everybody(client, path):
    make_variant()
    client.cookies["sessionid"] = "somebody"

    answer = client.get(path)

    assert answer.status_code == 200
    assert not answer.cookies
    assert "public" in answer.headers["Cache-Control"]
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert client.post(path).status_code == 405


# --- Sitemap -----------------------------------------------------------------------------------


def test_the_sitemap_lists_what_everybody_may_see(client):
    make_variant(title="Sencha")
    make_variant("DRAFT", title="Draft", live=False)
    closed = make_category("Closed")
    make_variant("SECRET", title="Secret", category=closed)
    PageViewRestriction.objects.create(page=closed, restriction_type="password", password="x")

    assert listed(client) == ["/", "/green-tea/", "/green-tea/sencha-1/"]


def test_robots_lead_to_the_sitemap_and_the_sitemap_to_its_files(client):
    make_home()

    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert f"<loc>{settings.BASE_URL}/sitemap-1.xml</loc>" in (
        client.get("/sitemap.xml").content.decode()
    )


def test_many_pages_are_split_over_several_files(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "PER_FILE", 2)
    variant = make_variant()
    make_product_page(variant.product)
    make_product_page(variant.product)

    assert client.get("/sitemap.xml").content.decode().count("<loc>") == 3
    assert [len(listed(client, number)) for number in (1, 2, 3)] == [2, 2, 1]
    assert client.get("/sitemap-4.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404
    assert client.get(f"/sitemap-{10**20}.xml").status_code == 404


def test_the_sitemap_shows_a_products_picture_and_asks_no_more_for_more_pages(
    client, django_assert_max_num_queries
):
    variant = make_variant(title="Sencha")
    show(variant.product.pages.get(), "front", "back")
    for _ in range(5):
        make_product_page(variant.product)

    with django_assert_max_num_queries(5):
        answer = client.get("/sitemap-1.xml")

    (picture,) = ElementTree.fromstring(answer.content).iter(f"{IMAGE}loc")
    assert picture.text.startswith(f"{settings.BASE_URL}/media/original_images/front")


# --- The merchant feed -------------------------------------------------------------------------


def test_the_feed_says_what_the_page_says(client):
    open_shop()
    variant = make_variant("TEA-50", price="8.90", weight=110, title="Sencha", first_value="50 g")
    variant.content, variant.content_unit, variant.gtin = Decimal(50), "g", "4012345678901"
    variant.save()
    Product.objects.update(maker="Still Leaf", first_option="Weight")
    show(variant.product.pages.get(), "front")

    (item,) = items(client)

    assert item.pop("image_link").startswith(f"{settings.BASE_URL}/media/original_images/front")
    assert item == {
        "id": "TEA-50",
        "item_group_id": str(variant.product_id),
        "title": "Sencha, 50 g",
        "description": "Sencha",
        "link": f"{settings.BASE_URL}/green-tea/sencha-1/?sku=TEA-50",
        "product_type": "Green tea",
        "condition": "new",
        "brand": "Still Leaf",
        "gtin": "4012345678901",
        "size": "50 g",
        "availability": "in_stock",
        "price": "8.90 EUR",
        "unit_pricing_measure": "50 g",
        "unit_pricing_base_measure": "1 kg",
        "shipping_weight": "110 g",
        "shipping": "DE::Parcel:4.90 EUR",
    }


def test_a_reduced_price_is_a_sale_price(client):
    set_price(make_variant(price="12.50"), "9.90", compare_at="12.50")

    (item,) = items(client)

    assert (item["price"], item["sale_price"]) == ("12.50 EUR", "9.90 EUR")


def test_sold_out_goods_stay_in_the_feed_and_hidden_ones_do_not(client):
    make_variant("OUT", stock=0)
    make_variant("DRAFT", title="Draft", live=False)
    make_variant("PRICELESS", title="Priceless", price=None)
    Variant.objects.filter(pk=make_variant("OFF", title="Off").pk).update(is_active=False)

    assert [(item["id"], item["availability"]) for item in items(client)] == [
        ("OUT", "out_of_stock")
    ]


def test_a_product_on_two_pages_is_one_item(client):
    variant = make_variant()
    make_product_page(variant.product, title="Again", category=make_category("New"))

    assert [item["id"] for item in items(client)] == ["TEA-100"]


def test_no_name_breaks_the_document(client):
    name = "<b> & ]]> \x0b \x1b \ufffe 茶"
    variant = make_variant(title=name)
    variant.product.maker = name
    variant.product.save()

    (item,) = items(client)

    assert item["brand"] == "<b> & ]]>       茶"


def test_the_feed_asks_by_the_chunk_and_not_by_the_variant(
    client, django_assert_num_queries, monkeypatch
):
    first = make_variant("TEA-0", first_value="0")
    for number in range(1, 6):
        make_variant(f"TEA-{number}", product=first.product, first_value=str(number))
    monkeypatch.setattr(merchant_feed, "CHUNK", 3)

    # The tariff, the shelves, the variants, and the pages of each chunk.
    with django_assert_num_queries(5):
        assert len(items(client)) == 6


# --- The rest ----------------------------------------------------------------------------------


def test_a_language_model_finds_shelves_pages_and_lists(client):
    make_category("Green tea", intro="<p>Steamed at once.</p>")
    make_home().add_child(instance=ContentPage(title="About us", slug="about", intro="Who we are"))

    text = client.get("/llms.txt").content.decode()

    assert f"- [Green tea]({settings.BASE_URL}/green-tea/): Steamed at once." in text
    assert f"- [About us]({settings.BASE_URL}/about/): Who we are" in text
    assert f"{settings.BASE_URL}/feeds/products.xml" in text


def test_the_icons_of_the_manifest_are_there(client):
    manifest = json.loads(client.get("/site.webmanifest").content)

    for icon in manifest["icons"]:
        assert (settings.BASE_DIR / icon["src"].lstrip("/")).exists()
