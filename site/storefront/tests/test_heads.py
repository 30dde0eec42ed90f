"""Which pages search engines list, under which address, and what a link to one shows."""

import pytest
from django.conf import settings
from wagtail.rich_text import RichText

from checkout.tests.factories import make_order
from home.models import ContentPage
from products.tests.factories import make_category, make_home, make_product_page, make_variant
from products.tests.test_pages import show

from .reading import canonical, is_hidden

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    "query", ["", "?sku=TEA-100", "?utm_source=letter&fbclid=x", "?page=1", "?q=%F0%9F"]
)
def test_a_page_has_one_address_whatever_is_added_to_it(client, query):
    make_variant("TEA-100", title="Sencha")

    shelf = client.get(f"/green-tea/{query}")
    product = client.get(f"/green-tea/sencha-1/{query}")

    assert canonical(shelf) == f"{settings.BASE_URL}/green-tea/"
    assert canonical(product) == f"{settings.BASE_URL}/green-tea/sencha-1/"
    assert not is_hidden(shelf)
    assert not is_hidden(product)


def test_the_second_page_of_a_shelf_is_a_page_of_its_own(client):
    variant = make_variant()
    for _ in range(24):
        make_product_page(variant.product)

    second = client.get("/green-tea/?utm_source=letter&page=2")

    assert canonical(second) == f"{settings.BASE_URL}/green-tea/?page=2"
    assert not is_hidden(second)


@pytest.mark.parametrize("query", ["sort=price", "available=1", "price_to=50&page=1"])
def test_a_narrowed_shelf_points_to_the_plain_one_and_is_not_listed(client, query):
    make_variant()

    page = client.get(f"/green-tea/?{query}")

    assert canonical(page) == f"{settings.BASE_URL}/green-tea/"
    assert is_hidden(page)


def test_a_forged_host_is_nowhere_in_the_head(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make_variant(title="Sencha")

    page = client.get("/green-tea/sencha-1/", headers={"Host": "evil.example"})

    assert b"evil.example" not in page.content


def test_what_belongs_to_one_shopper_is_not_listed(client):
    make_home()
    order = make_order()

    for path in (f"/orders/{order.token}/", "/nowhere/"):
        page = client.get(path)
        assert is_hidden(page), path
        assert canonical(page) is None, path


def test_ways_through_the_shop_are_listed_and_described_without_what_is_on_them(client):
    make_home()

    for path in ("/cart/", "/search/?q=tea&sort=name"):
        page = client.get(path)
        assert not is_hidden(page), path
        assert canonical(page).endswith(path.split("?")[0]), path
        assert '<meta name="description" content="' in page.content.decode(), path


def test_a_link_to_a_product_shows_its_first_picture(client):
    variant = make_variant(title="Sencha")
    show(variant.product.pages.get(), "front", "back")

    page = client.get("/green-tea/sencha-1/").content.decode()

    assert '<meta property="og:type" content="product">' in page
    assert f'<meta property="og:image" content="{settings.BASE_URL}/media/' in page
    assert '<meta property="og:image:alt" content="A cup of front">' in page


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"search_description": "For machines", "intro": "For people"}, "For machines"),
        ({"intro": "For people"}, "For people"),
        (
            {"body": [("text", RichText("<h2>First</h2><p>words &amp; more</p>"))]},
            "First words &amp; more",
        ),
    ],
)
def test_a_page_is_described_by_what_was_written_for_it_or_its_first_words(
    client, fields, expected
):
    make_home().add_child(instance=ContentPage(title="About us", slug="about", **fields))

    page = client.get("/about/").content.decode()

    assert f'<meta name="description" content="{expected}">' in page


def test_a_description_is_cut_where_search_engines_cut_it(client):
    make_category("Green tea", intro=f"<p>{'leaf ' * 80}</p>")

    page = client.get("/green-tea/").content.decode()

    assert f'<meta name="description" content="{"leaf " * 31}leaf…">' in page
