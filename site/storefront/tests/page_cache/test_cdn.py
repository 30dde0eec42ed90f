"""A cache in front of the shop is told what changed, by a worker and never by who changed it."""

import pytest
from django.utils import timezone
from wagtail.contrib.frontend_cache.backends import BaseBackend

from products import stocking
from products.models import ProductPage
from products.tests.factories import make_category, set_price

ABOVE = {"http://localhost/", "http://localhost/green-tea/"}
TEA = "http://localhost/green-tea/sencha-1/"


class Listening(BaseBackend):
    """Remembers what it was told."""

    urls: set[str] = set()

    def purge(self, url: str) -> None:
        self.urls.add(url)


@pytest.fixture(autouse=True)
def cdn(settings):
    settings.WAGTAILFRONTENDCACHE = {"cdn": {"BACKEND": f"{__name__}.Listening"}}
    Listening.urls = set()
    return Listening


def test_a_new_price_is_told_of_the_product_and_the_shelves_above(cdn, run_tasks, shop):
    run_tasks()
    cdn.urls = set()

    set_price(shop, "99.00")

    assert cdn.urls == set()
    run_tasks()
    assert cdn.urls == {*ABOVE, TEA}


def test_a_sale_is_told_only_if_pages_say_it(cdn, run_tasks, shop):
    run_tasks()
    cdn.urls = set()
    stocking.reserve({shop.pk: 10}, reference="A", at=timezone.now())
    run_tasks()
    assert cdn.urls == set()

    stocking.reserve({shop.pk: 38}, reference="B", at=timezone.now())
    run_tasks()
    assert TEA in cdn.urls


@pytest.mark.parametrize("change", ["published", "unpublished", "moved", "deleted"])
def test_what_editors_do_is_told_of_the_addresses_from_before(cdn, run_tasks, change):
    page = ProductPage.objects.get()
    black = make_category("Black tea")
    run_tasks()
    cdn.urls = set()

    {
        "published": lambda: page.save_revision().publish(),
        "unpublished": page.unpublish,
        "moved": lambda: page.move(black, pos="last-child"),
        "deleted": page.delete,
    }[change]()

    assert cdn.urls == set()
    run_tasks()
    assert {*ABOVE, TEA} <= cdn.urls
    if change == "moved":
        assert "http://localhost/black-tea/sencha-1/" in cdn.urls
