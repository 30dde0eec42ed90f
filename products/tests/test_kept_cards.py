"""Cards that every list shares, and pictures: kept while nothing that is shown changes."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction

from products import freshness, kept, listing, pictures, pricing, stocking
from products.models import ProductPage, ProductPicture, StockMovement

from .factories import make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea(monkeypatch):
    """A tea in a process that keeps what it shows, and asks only when told that it has changed."""
    monkeypatch.setattr(kept, "LONGEST", 3600.0)
    monkeypatch.setattr(freshness, "INTERVAL", 3600)
    kept.over()
    freshness.forget()
    yield make_variant("TEA-100", title="Sencha", price="12.50", stock=6)
    kept.over()
    freshness.forget()


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Commits what is done inside, and lets the process hear of it."""

    def told(change):
        connection.run_on_commit.clear()  # of what was there before
        with django_capture_on_commit_callbacks(execute=True):
            change()
        freshness.forget()

    return told


def cards() -> list[listing.Card]:
    return listing.cards_of(list(ProductPage.objects.values_list("pk", flat=True)))


def test_a_second_list_asks_nothing_about_a_card(tea, django_assert_num_queries):
    pages = [tea.product.pages.get().pk]
    first = listing.cards_of(pages)[0].html

    with django_assert_num_queries(0):
        assert listing.cards_of(pages)[0].html is first


def reprice(tea):
    pricing.set_price(
        tea, Decimal("99.00"), currency=settings.SHOP_CURRENCY, by=None, at=timezone.now()
    )


def sell_out(tea):
    reason = StockMovement.Reason.COUNTED
    stocking.adjust(tea.pk, -6, reason=reason, by=None, at=timezone.now())


def rename(tea):
    page = tea.product.pages.get()
    page.title = "Gyokuro"
    page.save_revision().publish()


@pytest.mark.parametrize(
    ("change", "words"), [(reprice, "€99.00"), (sell_out, "Sold out"), (rename, "Gyokuro")]
)
def test_a_change_of_what_a_card_shows_ends_it(tea, told, change, words):
    assert words not in cards()[0].html

    told(lambda: change(tea))

    assert words in cards()[0].html


def test_a_page_that_is_closed_or_withdrawn_loses_its_card_at_once(tea, told):
    page = tea.product.pages.get()
    assert cards()
    closed = PageViewRestriction(page=page, restriction_type="login")
    told(closed.save)
    assert cards() == []
    told(closed.delete)
    assert cards()

    told(page.unpublish)

    assert cards() == []


def test_what_is_put_beside_a_page_is_kept_until_it_is_published_anew(tea, told, picture, client):
    page = tea.product.pages.get()
    client.get(page.url)
    page.gallery.add(ProductPicture(image=picture, alt_text="A leaf in the rain"))
    page.save_revision()
    assert "A leaf in the rain" not in client.get(page.url).content.decode()

    told(page.get_latest_revision().publish)

    assert "A leaf in the rain" in client.get(page.url).content.decode()


@pytest.mark.usefixtures("tea")
def test_each_language_has_its_own_card():
    english, german = cards()[0].html, None
    with translation.override("de"):
        german = cards()[0].html

    assert "€12.50" in english
    assert "12,50 €" in german.replace("\xa0", " ")
    assert "€12.50" in cards()[0].html


@pytest.mark.usefixtures("tea")
def test_the_first_picture_of_a_list_alone_is_loaded_at_once(picture):
    page = ProductPage.objects.get()
    ProductPicture.objects.create(page=page, image=picture, alt_text="A leaf")
    card = cards()[0]

    assert 'loading="eager"' in card.html_of_first
    assert 'loading="lazy"' in card.html


@pytest.mark.usefixtures("tea")
def test_a_picture_is_read_once_until_it_changes(told, picture, django_assert_num_queries):
    def read():
        return pictures.with_renditions({picture.pk}, pictures.CARD)[picture.pk]

    before = read()
    with django_assert_num_queries(0):
        assert read() is before

    picture.focal_point_x = picture.focal_point_y = 5
    told(picture.save)

    assert read().focal_point_x == 5
