"""Pages in the admin's explorer: what they sell, and where they are used."""

import pytest
from wagtail.models import Page

from products.models import ProductPage, Variant

from .factories import (
    make_category,
    make_home,
    make_product_page,
    make_variant,
    make_words,
    set_price,
)

pytestmark = pytest.mark.django_db


def page_of(variant: Variant) -> ProductPage:
    return ProductPage.objects.get(product=variant.product)


def listing(client, category: Page | None = None, **query: str) -> dict[str, list[str]]:
    """By title: the cells of the columns that tell what a page sells."""
    answer = client.get(f"/admin/pages/{(category or make_category()).pk}/", query)
    return {
        page.title: [
            "" if (value := column.get_value(page)) is None else str(value)
            for column in answer.context["table"].columns.values()
            if column.name in ("skus", "price", "available", "state")
        ]
        for page in answer.context["table"].data
    }


def test_the_explorer_tells_what_each_page_sells(client, sign_in):
    sencha = make_variant("TEA-1", title="Sencha", stock=4, price="8.50")
    other = make_variant("TEA-2", product=sencha.product, first_value="200 g", stock=3)
    set_price(other, "16.00")
    make_variant("TEA-3", title="Assam", stock=0)
    make_variant("TEA-4", title="Dust", stock=2, price=None)
    off = make_variant("TEA-5", title="Gone", stock=9)
    Variant.objects.filter(pk=off.pk).update(is_active=False)
    make_product_page(None, title="Unfinished", live=False)
    make_category("Narrower", parent=make_category())
    sign_in()

    assert listing(client) == {
        "Sencha": ["TEA-1, TEA-2", "€8.50 – €16.00", "7", "in stock"],
        "Assam": ["TEA-3", "€10.00", "0", "sold out"],
        "Dust": ["TEA-4", "no price yet", "2", "low"],
        "Gone": ["", "", "", "not for sale"],
        "Unfinished": ["", "", "", "no product"],
        "Narrower": ["", "", "", ""],
    }


def test_a_long_shelf_costs_the_queries_of_a_short_one(
    client, sign_in, django_assert_max_num_queries
):
    sign_in()
    make_variant("TEA-0")
    shelf = f"/admin/pages/{make_category().pk}/"
    client.get(shelf)
    with django_assert_max_num_queries(100) as short:
        client.get(shelf)
    for number in range(1, 20):
        make_variant(f"TEA-{number}", title=f"Tea {number}")

    with django_assert_max_num_queries(len(short)):
        client.get(shelf)


@pytest.mark.parametrize("term", ["tea-2", "TEA-2", "tea-22"])
def test_a_page_is_found_by_the_beginning_of_its_sku(client, sign_in, term):
    make_variant("TEA-1", title="Sencha")
    make_variant("TEA-22", title="Assam")
    sign_in()

    assert list(listing(client, q=term)) == ["Assam"]


@pytest.mark.parametrize("term", ["assam", "x" * 5000, "TEA-9", "٣-٣", "%"])
def test_what_begins_no_sku_is_searched_for_as_ever(client, sign_in, term):
    make_variant("TEA-1", title="Sencha")
    sign_in()

    assert client.get(f"/admin/pages/{make_category().pk}/", {"q": term}).status_code == 200


@pytest.mark.parametrize("term", ['"', '""', '"Sen', 'Sen"', "'", "*", "%", "\\"])
def test_a_mark_that_means_something_to_the_index_is_searched_for_as_a_word(client, sign_in, term):
    make_variant("TEA-1", title="Sencha")
    sign_in()

    for address in (f"/admin/pages/{make_category().pk}/", "/admin/pages/search/"):
        assert client.get(address, {"q": term}).status_code == 200
    if "Sen" in term:
        assert "Sencha" in listing(client, q=term)


def test_all_product_pages_are_listed_with_what_they_sell(client, sign_in):
    make_variant("TEA-1", title="Sencha")
    sign_in()

    shown = client.get("/admin/pages/usage/products/productpage/")

    assert "TEA-1" in shown.content.decode()


def use_everywhere(sencha: ProductPage) -> None:
    home = make_home()
    home.body = [("featured", {"heading": "", "products": [sencha]})]
    home.save_revision().publish()
    make_words("Brewing", body=[("text", f'<a linktype="page" id="{sencha.pk}">Sencha</a>')])


@pytest.mark.parametrize("question", ["unpublish", "delete"])
def test_before_a_page_goes_it_is_told_where_it_will_be_missing(client, sign_in, question):
    sencha = page_of(make_variant("TEA-1", title="Sencha"))
    use_everywhere(sencha)
    sign_in("bulk_delete_page")

    shown = client.get(f"/admin/pages/{sencha.pk}/{question}/").content.decode()

    assert "This page is used elsewhere" in shown
    assert f'<a href="/admin/pages/{make_home().pk}/edit/">Home</a>' in shown
    assert "Brewing" in shown
    assert "Featured products" in shown


@pytest.mark.parametrize("question", ["unpublish", "delete"])
def test_a_page_that_nothing_points_at_may_go(client, sign_in, question):
    sencha = page_of(make_variant("TEA-1", title="Sencha"))
    sign_in()

    asked = client.get(f"/admin/pages/{sencha.pk}/{question}/")
    done = client.post(f"/admin/pages/{sencha.pk}/{question}/")

    assert "Nothing else in the shop points at this page." in asked.content.decode()
    assert done.status_code == 302
    assert not ProductPage.objects.live().exists()
    assert Variant.objects.get().sku == "TEA-1"


def test_what_somebody_may_not_edit_is_not_named(client, sign_in, django_user_model):
    tea = make_category("Tea")
    sencha = page_of(make_variant("TEA-1", title="Sencha", category=tea))
    use_everywhere(sencha)
    user = sign_in()
    user.groups.get().page_permissions.update(page=tea)

    shown = client.get(f"/admin/pages/{sencha.pk}/unpublish/").content.decode()

    assert "Something you may not edit" in shown
    assert "Brewing" not in shown
