"""An address that was once given out leads to its page for as long as there is one."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from products.tests.factories import make_category, make_product_page, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def rename(django_capture_on_commit_callbacks):
    """Gives a page another slug as an editor does, and lets happen what follows the commit."""

    def rename(page: Page, slug: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            page = page.specific
            page.slug = slug
            page.save_revision().publish()

    return rename


def product_page(title: str = "Sencha", category: Page | None = None) -> Page:
    product = make_variant(title.upper(), title=title).product
    product.pages.all().delete()
    return make_product_page(product, title=title, category=category)


def test_a_renamed_page_is_found_at_its_old_address(client, rename):
    page = product_page()
    old = page.url

    rename(page, "sencha-first-flush")

    answer = client.get(old)
    assert (answer.status_code, answer.url) == (301, "/green-tea/sencha-first-flush/")
    assert client.get(answer.url).status_code == 200


def test_what_is_below_a_renamed_category_is_found_too(client, rename):
    tea = make_category("Tea")
    page = product_page(category=make_category("Green", parent=tea))
    old = page.url

    rename(tea, "teas")

    assert client.get("/tea/").url == "/teas/"
    assert client.get("/tea/green/").url == "/teas/green/"
    assert client.get(old).url == old.replace("/tea/", "/teas/")


def test_a_page_that_moved_is_found_with_all_below_it(client):
    green = make_category("Green")
    page = product_page(category=green)
    old = page.url

    green.move(make_category("Tea"), pos="last-child")

    assert client.get("/green/").url == "/tea/green/"
    assert client.get(old).url == f"/tea{old}"


def test_campaign_parameters_do_not_hide_the_old_address(client, rename):
    page = product_page()
    old = page.url
    rename(page, "new")

    assert client.get(f"{old}?utm_source=letter").url == "/green-tea/new/"


def test_many_names_later_each_of_them_leads_straight_to_the_page(client, rename):
    tea = make_category("Tea")
    for slug in ("teas", "all-teas", "leaves"):
        rename(tea, slug)

    for slug in ("tea", "teas", "all-teas"):
        assert client.get(f"/{slug}/").url == "/leaves/"


def test_a_page_that_was_renamed_back_is_served_where_it_is(client, rename):
    tea = make_category("Tea")
    rename(tea, "teas")
    rename(tea, "tea")

    assert client.get("/tea/").status_code == 200
    assert client.get("/teas/").url == "/tea/"


def test_a_page_that_was_renamed_back_and_withdrawn_sends_nobody_round(client, rename):
    tea = make_category("Tea")
    rename(tea, "teas")
    rename(tea, "tea")
    Page.objects.get(pk=tea.pk).specific.unpublish()

    assert client.get("/tea/").status_code == 404


def test_pages_that_swapped_their_addresses_and_were_withdrawn_send_nobody_round(client, rename):
    one, other = make_category("One"), make_category("Other")
    rename(one, "aside")
    rename(other, "one")
    rename(one, "other")
    for page in (one, other):
        Page.objects.get(pk=page.pk).specific.unpublish()

    for address in ("/one/", "/other/"):
        assert client.get(address).status_code == 404


def test_redirects_made_by_hand_send_nobody_round(client):
    Redirect.add_redirect("/a", "http://testserver/b")
    Redirect.add_redirect("/b", "http://testserver/a/")
    Redirect.add_redirect("/c", "http://testserver/d")
    Redirect.add_redirect("/x", "https://example.com/x")

    assert client.get("/a/").status_code == 404
    assert client.get("/c/").url == "http://testserver/d"
    assert client.get("/x/").url == "https://example.com/x"


def test_an_old_address_is_free_for_a_new_page(client, rename):
    rename(make_category("Tea"), "teas")

    make_category("Tea", slug="tea")

    assert client.get("/tea/").status_code == 200


@pytest.mark.parametrize("address", ["/%ff/", "/a%00/", "/" + "x" * 5000 + "/"])
def test_an_odd_address_is_not_found_and_no_error(client, address):
    assert client.get(address).status_code in (400, 404)
