"""What ends a page's life, and who makes it anew."""

from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from products import applying, freshness, planning, pricing, stocking
from products.models import Generation, Product, ProductPage, StockMovement
from products.tests.factories import make_category
from products.tests.test_pages import picture
from storefront.page_cache import pages, rebuilding

from .conftest import TEA


def number() -> int:
    freshness.forget()
    return freshness.generation()


def adjust(variant, change: int) -> None:
    stocking.adjust(
        variant.pk, change, reason=StockMovement.Reason.COUNTED, by=None, at=timezone.now()
    )


def price(variant, amount: str) -> None:
    pricing.set_price(
        variant, Decimal(amount), currency=settings.SHOP_CURRENCY, by=None, at=timezone.now()
    )


# --- What shoppers see --------------------------------------------------------------------------


def test_every_process_shows_a_new_price(a_process, told, shop):
    processes = [a_process(), a_process()]
    for process in processes:
        process.get(TEA)

    with told():
        price(shop, "99.00")

    for process in processes:
        assert "€99.00" in process.get(TEA).content.decode()


@pytest.mark.usefixtures("long_ago")
def test_long_after_a_change_nobody_gets_the_page_from_before_it(client, told, shop, monkeypatch):
    client.get(TEA)
    with told():
        price(shop, "99.00")
    monkeypatch.setattr(rebuilding.Rebuilding, "claim", lambda *_: False)

    assert "€99.00" in client.get(TEA).content.decode()


def test_while_one_makes_the_page_others_get_the_one_before(a_process, told, shop, monkeypatch):
    builder, other = a_process(), a_process()
    builder.get(TEA)
    other.get(TEA)
    with told():
        price(shop, "99.00")
    monkeypatch.setattr(freshness, "learned_ago", lambda: 0.1)
    meanwhile = []
    serve = Page.serve

    def slow(page, request, *args, **kwargs):
        if not meanwhile:
            meanwhile.append(None)
            meanwhile[:] = [one.get(TEA).content.decode() for one in (builder, other)]
        return serve(page, request, *args, **kwargs)

    monkeypatch.setattr(Page, "serve", slow)

    made = builder.get(TEA).content.decode()

    assert "€99.00" in made
    assert len(meanwhile) == 2
    assert all("€12.50" in page for page in meanwhile)
    assert "€99.00" in other.get(TEA).content.decode()


def test_a_page_that_was_made_during_a_change_is_made_again(client, told, shop, monkeypatch):
    """The change commits after the page has read the old price and before it is kept."""
    context = ProductPage.get_context

    def overtaken(page, request, *args, **kwargs):
        made = context(page, request, *args, **kwargs)
        with told():
            price(shop, "99.00")
        monkeypatch.setattr(ProductPage, "get_context", context)
        return made

    monkeypatch.setattr(ProductPage, "get_context", overtaken)
    client.get(TEA)

    assert "€99.00" in client.get(TEA).content.decode()


def test_a_change_nobody_told_of_is_seen_when_the_page_is_old(client):
    client.get(TEA)
    ProductPage.objects.update(title="Untold")

    with time_machine.travel(timezone.now() + timezone.timedelta(seconds=pages.FRESH_FOR + 1)):
        assert "Untold" in client.get(TEA).content.decode()


# --- What counts as a change --------------------------------------------------------------------


def test_a_sale_of_plenty_changes_no_page(told, shop):
    before = number()

    with told():
        stocking.reserve({shop.pk: 10}, reference="A", at=timezone.now())
        stocking.sell({shop.pk: 10}, reference="A", at=timezone.now())

    assert number() == before


@pytest.mark.parametrize("left", [5, 1, 0])
def test_a_sale_that_leaves_few_changes_pages(told, shop, left):
    before = number()

    with told():
        stocking.reserve({shop.pk: 50 - left}, reference="A", at=timezone.now())

    assert number() == before + 1


def test_goods_that_come_back_change_pages_if_there_were_few(told, shop):
    at = timezone.now()
    stocking.reserve({shop.pk: 47}, reference="A", at=at)
    before = number()

    with told():
        stocking.release({shop.pk: 40}, reference="A", at=at)
    released = number()
    with told():
        stocking.release({shop.pk: 7}, reference="A", at=at)

    assert (released, number()) == (before + 1, before + 1)


def test_a_delivery_changes_pages_only_of_what_was_scarce(told, shop):
    before = number()
    with told():
        adjust(shop, 10)
    assert number() == before
    with told():
        adjust(shop, -58)
        adjust(shop, 10)
    assert number() == before + 1  # once for a transaction


def test_a_planned_price_changes_pages_when_it_is_applied(told, shop):
    start = timezone.now() + timezone.timedelta(hours=1)
    with told():
        planning.plan_price(
            shop, Decimal(9), currency="EUR", starts_at=start, by=None, at=timezone.now()
        )
    before = number()
    with told():
        applying.apply_all_due(at=start)

    assert number() == before + 1


def test_the_same_price_again_changes_nothing(told, shop):
    before = number()

    with told():
        price(shop, "12.50")

    assert number() == before


def test_what_is_rolled_back_changes_nothing(shop, told):
    before = number()

    with told(), transaction.atomic():
        price(shop, "99.00")
        transaction.set_rollback(True)

    assert number() == before


CHANGES = {
    "published": lambda page: page.save_revision().publish(),
    "unpublished": lambda page: page.unpublish(),
    "moved": lambda page: page.move(make_category("Black tea"), pos="last-child"),
    "deleted": lambda page: page.delete(),
    "closed": lambda page: PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="x"
    ),
    "product renamed": lambda page: page.product.save(),
    "product deleted": lambda page: Product.objects.get().delete(),
    "variant switched off": lambda page: page.product.variants.get().save(),
    "another site": lambda page: Site.objects.get().save(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_editors_change_pages(told, change):
    page = ProductPage.objects.get()
    make_category("Black tea")
    before = number()

    with told():
        CHANGES[change](page)

    assert number() > before


def test_a_draft_changes_nothing(told):
    page = ProductPage.objects.get()
    before = number()

    with told():
        page.title = "Draft"
        page.save_revision()

    assert number() == before


def test_a_picture_that_is_changed_changes_pages_and_a_new_one_does_not(told):
    before = number()
    with told():
        image = picture("tea")
    uploaded = number()
    with told():
        image.focal_point_x = 3
        image.save()

    assert uploaded == before
    assert number() == before + 1


def test_the_first_change_of_all_is_one(told, shop):
    Generation.objects.all().delete()
    before = number()

    with told():
        price(shop, "99.00")

    assert (before, number()) == (0, 1)
