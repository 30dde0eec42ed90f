"""The list of products, and the screen of one with its variants."""

import pytest
from django.urls import reverse

from products.models import Product, ProductPage, Variant

from .factories import make_variant
from .forms import EDITING, PRICING, the_product_form, the_row
from .sold import order_of

pytestmark = pytest.mark.django_db


def test_the_list_of_products_shows_skus_prices_and_stock(
    client, sign_in, django_assert_max_num_queries
):
    sign_in(*EDITING)
    for number in range(6):
        variant = make_variant(f"T-{number}", price="12.50", stock=3, title=f"Tea {number}")
        make_variant(f"U-{number}", price="29", stock=4, product=variant.product, first_value="x")
    client.get(reverse("products:index"))

    with django_assert_max_num_queries(20):
        shown = client.get(reverse("products:index")).content.decode()

    assert shown.count("€12.50 – €29.00") == 6
    assert "prices-and-stock" not in shown
    assert client.get(reverse("products:index"), {"ordering": "-available"}).status_code == 200


def test_the_sku_of_a_variant_is_given_once(client, sign_in):
    sign_in(*EDITING)
    variant = make_variant("TEA-100", title="Sencha")
    form = the_product_form(
        variant.product, [the_row(variant, sku="STOLEN-1", gtin="4006381333931")]
    )

    saved = client.post(reverse("products:edit", args=[variant.product_id]), form)

    variant.refresh_from_db()
    assert saved.status_code == 302
    assert (variant.sku, variant.gtin) == ("TEA-100", "4006381333931")


def test_the_contents_are_edited_on_the_products_own_screen(client, sign_in):
    sign_in(*EDITING)
    variant = make_variant("TEA-50", price="8.90")
    edit = reverse("products:edit", args=[variant.product_id])
    rows = [the_row(variant, content="50", content_unit="g")]

    saved = client.post(edit, the_product_form(variant.product, rows))

    assert saved.status_code == 302
    assert "€178.00" in client.get(ProductPage.objects.get().url).content.decode()


def test_a_variant_added_later_waits_for_its_price(client, sign_in):
    sign_in(*EDITING, *PRICING)
    variant = make_variant("TEA-100", title="Sencha", first_value="100 g")
    rows = [the_row(variant), the_row(sku="TEA-250", first_value="250 g", ORDER="2")]

    saved = client.post(
        reverse("products:edit", args=[variant.product_id]), the_product_form(variant.product, rows)
    )

    assert saved.status_code == 302
    assert Variant.objects.filter(sku="TEA-250").exists()
    assert "TEA-250" not in client.get(ProductPage.objects.get().url).content.decode()
    screen = client.get(reverse("products:prices_and_stock", args=[variant.product_id]))
    assert "no price yet" in screen.content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sku": "TAKEN-1"}, "Variant with this SKU already exists."),
        ({"first_value": "100 g"}, "Please correct the duplicate data"),
        ({"sku": "tea"}, "Capital letters"),
        ({"content": "50"}, "Choose what the contents are measured in."),
        ({"content_unit": "g"}, "Enter how much is inside"),
    ],
)
def test_a_mistake_in_the_variants_is_shown(client, sign_in, changes, message):
    sign_in(*EDITING)
    make_variant("TAKEN-1")
    variant = make_variant("TEA-100", first_value="100 g")
    rows = [the_row(variant), the_row(**changes, ORDER="2")]

    shown = client.post(
        reverse("products:edit", args=[variant.product_id]), the_product_form(variant.product, rows)
    )

    assert shown.status_code == 200
    assert message in shown.content.decode()
    assert Variant.objects.count() == 2


def test_options_that_change_places_are_refused_in_words(client, sign_in):
    sign_in(*EDITING)
    one = make_variant("TEA-1", first_value="red")
    two = make_variant("TEA-2", first_value="blue", product=one.product)
    rows = [the_row(one, first_value="blue"), the_row(two, first_value="red", ORDER="2")]

    shown = client.post(
        reverse("products:edit", args=[one.product_id]), the_product_form(one.product, rows)
    )

    assert shown.status_code == 200
    assert "To let two change places" in shown.content.decode()


def test_a_variant_that_was_ordered_cannot_be_deleted(client, sign_in):
    sign_in(*EDITING, "delete_product")
    variant = make_variant("TEA-100")
    order_of(variant)
    edit = reverse("products:edit", args=[variant.product_id])

    shown = client.post(edit, the_product_form(variant.product, [the_row(variant, DELETE="on")]))

    assert shown.status_code == 200
    assert "What has been ordered cannot be deleted" in shown.content.decode()
    assert Variant.objects.filter(sku="TEA-100").exists()


def test_a_product_that_was_ordered_or_has_a_page_cannot_be_deleted(client, sign_in):
    sign_in(*EDITING, "delete_product")
    variant = make_variant("TEA-100")
    delete = reverse("products:delete", args=[variant.product_id])

    shown = client.post(delete, follow=True)
    assert "A page shows this product" in shown.content.decode()

    order_of(variant)
    ProductPage.objects.all().delete()
    shown = client.post(delete, follow=True)
    assert "What has been ordered cannot be deleted" in shown.content.decode()
    assert Product.objects.filter(pk=variant.product_id).exists()


def test_a_product_nobody_ever_saw_can_be_deleted(client, sign_in):
    sign_in(*EDITING, "delete_product")
    product = Product.objects.create(name="Mistake")

    client.post(reverse("products:delete", args=[product.pk]))

    assert not Product.objects.exists()
