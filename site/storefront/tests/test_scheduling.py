"""Pages go live and end by themselves."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from wagtail.models import PageLogEntry

from products import freshness
from products.models import Product, ProductPage, Variant
from products.tests.factories import make_product_page, make_variant
from storefront.scheduling import keep_schedules
from storefront.tasks import publish_scheduled

pytestmark = pytest.mark.django_db


@pytest.fixture
def tomorrow():
    return timezone.now() + timedelta(days=1)


def schedule(page: ProductPage, **moments) -> ProductPage:
    for name, moment in moments.items():
        setattr(page, name, moment)
    page.save_revision().publish()
    return page


def test_a_page_goes_live_and_ends_at_its_time(client, tomorrow):
    make_variant("TEA-100", live=False)
    page = schedule(
        ProductPage.objects.get(), go_live_at=tomorrow, expire_at=tomorrow + timedelta(days=1)
    )
    seen = []

    minute = timedelta(minutes=1)
    for moment in (tomorrow - minute, tomorrow + minute, tomorrow + timedelta(days=1) + minute):
        with time_machine.travel(moment):
            publish_scheduled()
            publish_scheduled()
            seen.append(client.get(page.url).status_code)

    assert seen == [404, 200, 404]


def test_pages_kept_ready_made_learn_of_what_goes_live_by_itself(
    tomorrow, django_capture_on_commit_callbacks
):
    make_variant("TEA-100", live=False)
    schedule(ProductPage.objects.get(), go_live_at=tomorrow)
    connection.run_on_commit.clear()  # what making the page has promised
    freshness.forget()
    before = freshness.generation()

    with (
        time_machine.travel(tomorrow + timedelta(minutes=1)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        publish_scheduled()

    freshness.forget()
    assert freshness.generation() > before


def test_a_page_whose_product_was_deleted_keeps_no_other_waiting(tomorrow):
    gone = make_product_page(Product.objects.create(name="Gone"), title="Gone", live=False)
    schedule(gone, go_live_at=tomorrow)
    Product.objects.all().delete()
    make_variant("TEA-100", title="Sencha", live=False)
    sencha = schedule(
        ProductPage.objects.get(title="Sencha"), go_live_at=tomorrow + timedelta(minutes=1)
    )

    with time_machine.travel(tomorrow + timedelta(minutes=2)):
        publish_scheduled()

    gone.refresh_from_db()
    sencha.refresh_from_db()
    assert sencha.live
    assert not gone.live
    assert Variant.objects.sellable().count() == 1


def test_what_cannot_be_published_is_called_off_and_its_history_says_so(tomorrow, caplog):
    page = make_product_page(Product.objects.create(name="Gone"), title="Gone", live=False)
    schedule(page, go_live_at=tomorrow)
    Product.objects.all().delete()

    with time_machine.travel(tomorrow + timedelta(minutes=2)):
        for _ in range(2):
            keep_schedules(at=timezone.now())

    history = PageLogEntry.objects.filter(page=page.pk).values_list("action", flat=True)
    assert caplog.text.count("Gone is called off") == 1
    assert list(history).count("wagtail.schedule.cancel") == 1
