"""What search engines are told is what the page shows and what the checkout charges."""

from decimal import Decimal

import pytest
from django.conf import settings
from playwright.sync_api import Page

from cart.cart import Cart
from cart.sessions import SessionStore
from checkout.shipping import Tariff
from checkout.tests.buying import open_shop
from invoices.models import Seller
from products.tests.factories import make_category, make_variant, set_price
from products.tests.test_pages import picture, show

from .reading import SCRIPT, things

STRICT = "default-src 'none'; " + "; ".join(
    f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "manifest")
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_each_variant_is_offered_at_the_price_the_cart_charges(client):
    small = make_variant("TEA-100", price="12.50", stock=3, title="Sencha", first_value="100 g")
    make_variant("TEA-250", price="29.00", stock=1, product=small.product, first_value="250 g")
    cart = Cart(SessionStore())
    cart.add("TEA-100", 1)
    cart.add("TEA-250", 1)

    response = client.get("/green-tea/sencha-1/")

    group = things(response)["ProductGroup"]
    offered = {one["sku"]: one["offers"]["price"] for one in group["hasVariant"]}
    assert offered == {"TEA-100": "12.50", "TEA-250": "29.00"}
    assert offered == {line.offer.sku: str(line.offer.price) for line in cart.lines}
    assert all(f"€{price}" in response.content.decode() for price in offered.values())


def test_a_sold_out_variant_says_so(client):
    small = make_variant("TEA-100", stock=0, title="Sencha", first_value="100 g")
    make_variant("TEA-250", stock=4, product=small.product, first_value="250 g")

    group = things(client.get("/green-tea/sencha-1/"))["ProductGroup"]

    states = {one["sku"]: one["offers"]["availability"] for one in group["hasVariant"]}
    assert states == {
        "TEA-100": "https://schema.org/OutOfStock",
        "TEA-250": "https://schema.org/InStock",
    }


def test_the_address_of_a_variant_shows_that_variant(client):
    small = make_variant("TEA-100", price="12.50", title="Sencha", first_value="100 g")
    make_variant("TEA-250", price="29.00", product=small.product, first_value="250 g")
    group = things(client.get("/green-tea/sencha-1/"))["ProductGroup"]
    url = group["hasVariant"][1]["offers"]["url"]

    page = client.get(url.removeprefix(settings.BASE_URL))

    assert 'value="TEA-250" required checked>' in page.content.decode()


@pytest.mark.parametrize("sku", ["", "OTHER", "TEA-250", "%00", "\ud800", "x" * 5000])
def test_a_variant_nobody_can_buy_is_not_chosen(client, sku):
    small = make_variant("TEA-100", title="Sencha", first_value="100 g")
    make_variant("TEA-250", stock=0, product=small.product, first_value="250 g")

    page = client.get("/green-tea/sencha-1/", {"sku": sku.encode("utf-8", "surrogatepass")})

    assert page.status_code == 400 or 'value="TEA-100" required checked>' in page.content.decode()


def test_sending_costs_what_the_checkout_asks(client):
    open_shop()
    make_variant("TEA-100", price="12.50", weight=170, title="Sencha")
    ways = Tariff("EUR").quotes(country="DE", grams=170, subtotal=Decimal("12.50"))

    offer = things(client.get("/green-tea/sencha-1/"))["Product"]["offers"]

    told = [
        (way["shippingLabel"], way["shippingRate"]["value"], way["shippingRate"]["currency"])
        for way in offer["shippingDetails"]
    ]
    assert told == [(way.name, str(way.price), "EUR") for way in ways if not way.is_pick_up]
    assert told


def test_a_reduced_price_names_the_one_that_is_crossed_out(client):
    set_price(make_variant("TEA-100", price="12.50", title="Sencha"), "9.90", compare_at="12.50")

    offer = things(client.get("/green-tea/sencha-1/"))["Product"]["offers"]

    now, before = offer["priceSpecification"]
    assert (offer["price"], now["price"], before["price"]) == ("9.90", "9.90", "12.50")
    assert before["priceType"] == "https://schema.org/StrikethroughPrice"


def test_the_measure_and_the_unit_price_of_a_pack_agree(client):
    variant = make_variant("TEA-50", price="8.90", title="Sencha")
    variant.content, variant.content_unit = Decimal(50), "g"
    variant.save()

    response = client.get("/green-tea/sencha-1/")

    measure = things(response)["Product"]["offers"]["priceSpecification"][0]["referenceQuantity"]
    assert (measure["value"], measure["unitCode"]) == ("50", "GRM")
    assert measure["valueReference"] == {
        "@type": "QuantitativeValue",
        "value": "1",
        "unitCode": "KGM",
    }
    assert "€178.00" in response.content.decode()


def test_only_a_number_that_is_a_gtin_is_passed_on(client):
    good = make_variant("TEA-100", title="Sencha", first_value="100 g")
    bad = make_variant("TEA-250", product=good.product, first_value="250 g")
    good.gtin, bad.gtin = "4012345678901", "4012345678902"
    good.save()
    bad.save()

    group = things(client.get("/green-tea/sencha-1/"))["ProductGroup"]

    assert [one.get("gtin") for one in group["hasVariant"]] == ["4012345678901", None]


def test_how_goods_are_sent_back_is_what_the_page_says(client, settings):
    settings.RETURN_DAYS, settings.FREE_RETURNS = 21, False
    make_variant(title="Sencha")

    response = client.get("/green-tea/sencha-1/")

    policy = things(response)["Product"]["offers"]["hasMerchantReturnPolicy"]
    assert policy["merchantReturnDays"] == 21
    assert policy["returnFees"] == "https://schema.org/ReturnFeesCustomerResponsibility"
    assert "21 days to send it back." in response.content.decode()


def test_the_way_to_a_page_is_the_one_it_shows(client):
    make_variant(title="Sencha", category=make_category("Green tea"))

    steps = things(client.get("/green-tea/sencha-1/"))["BreadcrumbList"]["itemListElement"]

    assert [(step["position"], step["name"]) for step in steps] == [
        (1, "Home"),
        (2, "Green tea"),
        (3, "Sencha"),
    ]
    assert steps[1]["item"] == f"{settings.BASE_URL}/green-tea/"


def test_the_front_door_names_the_shop_and_who_sells(client):
    make_variant()
    Seller.objects.create(name="Still Leaf GmbH", street="Lindenweg 8", city="Berlin")

    found = things(client.get("/"))

    search = found["WebSite"]["potentialAction"]["target"]["urlTemplate"]
    assert search == f"{settings.BASE_URL}/search/?q={{search_term_string}}"
    assert found["OnlineStore"]["legalName"] == "Still Leaf GmbH"
    assert found["OnlineStore"]["address"]["addressLocality"] == "Berlin"


def test_a_product_without_a_price_is_not_offered(client):
    make_variant(price=None, title="Sencha")

    assert set(things(client.get("/green-tea/sencha-1/"))) == {"BreadcrumbList"}


def test_a_name_cannot_end_the_script_it_stands_in(client):
    name = "</script><script>alert(1)</script><!-- & \u2028"
    variant = make_variant(title="Sencha")
    variant.product.maker = name
    variant.product.save()
    page = variant.product.pages.get()
    page.title = name
    page.save()

    response = client.get(page.url)

    assert things(response)["Product"]["name"] == name
    assert things(response)["Product"]["brand"]["name"] == name
    assert not any("<" in text for text in SCRIPT.findall(response.content.decode()))
    assert b"<script>alert(1)" not in response.content


def test_the_pictures_are_those_of_the_page(client):
    variant = make_variant(title="Sencha")
    show(variant.product.pages.get(), "front", "back")

    response = client.get("/green-tea/sencha-1/")

    images = things(response)["Product"]["image"]
    assert len(images) == 2
    assert all(one.removeprefix(settings.BASE_URL) in response.content.decode() for one in images)


def test_a_variant_has_its_own_picture(client):
    clay = make_variant("CUP-CLAY", title="Cup", first_value="Clay")
    ink = make_variant("CUP-INK", product=clay.product, first_value="Ink")
    ink.image = picture("ink")
    ink.save()

    group = things(client.get("/green-tea/cup-1/"))["ProductGroup"]

    assert [one.get("image") for one in group["hasVariant"]] == [None, *group["image"]]


def test_a_strict_policy_has_nothing_to_object(client, page: Page):
    make_variant(title="Sencha")
    html = client.get("/green-tea/sencha-1/").content.decode()

    assert objections(page, html) == []
    assert len(objections(page, f"{html}<script>alert(1)</script>")) == 1


def objections(page: Page, html: str) -> list[str]:
    """What Chromium reports about a page that comes with a strict policy."""
    reported: list[str] = []
    page.on("console", lambda message: reported.append(message.text))
    headers = {"Content-Type": "text/html", "Content-Security-Policy": STRICT}
    page.route("**/*", lambda route: route.fulfill(body="", content_type="text/css"))
    page.route("**/page/", lambda route: route.fulfill(body=html, headers=headers))
    page.goto("http://shop.test/page/")
    assert page.locator('script[type="application/ld+json"]').count() == 2
    return [text for text in reported if "Content Security Policy" in text]
