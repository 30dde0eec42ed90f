"""From an address to its page, where the way there is kept."""

import pytest
from wagtail.models import Page

from products import freshness, kept
from products.models import ProductPage
from products.tests.factories import make_category, make_home, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ways_are_kept(monkeypatch):
    """As in a process that does not hear of changes."""
    monkeypatch.setattr(kept, "LONGEST", 3600.0)
    monkeypatch.setattr(freshness, "INTERVAL", 3600)
    kept.over()
    freshness.forget()
    yield
    kept.over()
    freshness.forget()


@pytest.fixture
def tea(client) -> ProductPage:
    page = make_variant("TEA-100", title="Sencha").product.pages.get()
    assert client.get(page.url).status_code == 200
    return page


def test_a_page_that_was_deleted_is_not_found_before_anybody_has_heard(client, tea):
    address = tea.url

    tea.delete()

    assert client.get(address).status_code == 404


def test_a_page_that_was_withdrawn_is_not_found_before_anybody_has_heard(client, tea):
    tea.unpublish()

    assert client.get(tea.url).status_code == 404


def test_a_page_that_was_moved_is_only_found_where_it_is_now(client, tea):
    before = tea.url

    tea.move(make_category("Elsewhere"), pos="last-child")

    assert client.get(ProductPage.objects.get().url).status_code == 200
    assert client.get(before).status_code != 200


def test_a_page_appears_where_there_was_none_a_moment_ago(client):
    home = make_home()
    assert client.get("/new/").status_code == 404

    make_category("New", parent=home)

    assert client.get("/new/").status_code == 200


def test_requests_side_by_side_share_no_page(client, tea):
    first = client.get(tea.url).context["breadcrumbs"]
    second = client.get(tea.url).context["breadcrumbs"]

    assert first == second
    assert all(isinstance(page, Page) for page in first)
    assert not {id(page) for page in first} & {id(page) for page in second}
