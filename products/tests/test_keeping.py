"""The rows of lists and search equal the pages, prices and stock, whatever changes those."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from products import stocking, tasks
from products.finding import checking, keeping
from products.models import (
    ListedOption,
    ListedProduct,
    Price,
    ProductPage,
    SearchWord,
    StaleListing,
    StockItem,
    Variant,
)

from .factories import make_category, make_variant, set_price

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant() -> Variant:
    variant = make_variant("TEA-100", price="12.50", stock=2, first_value="100 g")
    variant.product.first_option = "Size"
    variant.product.save()
    ProductPage.objects.get().save()
    return variant


def wrong() -> list[int]:
    return list(keeping.differing())


def test_a_price_is_listed_as_it_changes(variant):
    set_price(variant, "9.00")

    assert ListedProduct.objects.get().price == Decimal(9)
    assert wrong() == []


def test_selling_the_last_one_is_listed_after_the_commit(variant, run_tasks):
    stocking.reserve({variant.pk: 1}, reference="one", at=timezone.now())
    run_tasks()
    assert ListedProduct.objects.get().is_available

    stocking.reserve({variant.pk: 1}, reference="two", at=timezone.now())
    run_tasks()
    assert not ListedProduct.objects.get().is_available
    assert not ListedOption.objects.get().is_available

    stocking.release({variant.pk: 1}, reference="two", at=timezone.now())
    run_tasks()
    assert ListedOption.objects.get().is_available
    assert wrong() == []


def test_a_page_is_listed_while_it_is_live(variant):
    page = ProductPage.objects.get()
    page.unpublish()
    assert not ListedProduct.objects.exists()

    page.save_revision().publish()
    assert ListedProduct.objects.get().page_id == page.pk

    page.delete()
    assert not ListedProduct.objects.exists()


def test_a_draft_changes_nothing(variant):
    page = ProductPage.objects.get()
    page.title = "Not yet"
    page.save_revision()

    assert ListedProduct.objects.get().title == "sencha"


def test_moving_a_category_moves_what_is_listed(variant):
    make_variant("TEA-200", title="Assam", category=make_category("Black"))
    shelf = ProductPage.objects.get(title="Sencha").get_parent()

    shelf.move(make_category("Tea"), pos="first-child")

    assert ListedProduct.objects.get(title="sencha").path.startswith(make_category("Tea").path)
    assert wrong() == []


def test_a_sale_that_lists_were_not_told_of_is_owed_and_told_by_the_next_sweep(variant):
    now = timezone.now()
    stocking.reserve({variant.pk: 2}, reference="one", at=now)  # and dies after its commit

    assert wrong() == [ProductPage.objects.get().pk]
    assert list(checking.breaches(at=now)) == []
    assert len(list(checking.breaches(at=now + timedelta(minutes=11)))) == 1
    tasks.sweep_lists()

    assert wrong() == []
    assert not StaleListing.objects.exists()


def test_what_was_changed_behind_its_back_is_found_and_mended(variant):
    ListedProduct.objects.update(price=1)
    ListedOption.objects.all().delete()
    SearchWord.objects.create(text="gone")
    (breach,) = checking.breaches(at=timezone.now())
    assert breach.subject.startswith("Sencha")

    call_command("repair_lists")

    assert list(checking.breaches(at=timezone.now())) == []
    assert ListedProduct.objects.get().price == Decimal("12.50")
    assert "gone" not in SearchWord.objects.values_list("text", flat=True)
    assert SearchWord.objects.filter(text="sencha").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: Price.objects.update(amount=3),
        lambda: StockItem.objects.update(reserved=2),
        lambda: Variant.objects.update(is_active=False),
        lambda: Variant.objects.update(first_value="1 kg"),
        lambda: ProductPage.objects.update(summary="Other words"),
        lambda: ProductPage.objects.update(live=False),
        lambda: ListedProduct.objects.all().delete(),
    ],
)
def test_every_difference_is_found(variant, change):
    assert wrong() == []

    change()

    assert wrong() == [ProductPage.objects.get().pk]


def test_a_shop_that_has_pages_already_begins_by_itself(variant):
    ListedProduct.objects.all().delete()

    keeping.fill_if_empty()

    assert wrong() == []
    assert ListedProduct.objects.count() == 1
