"""What can be bought right now."""

import pytest
from wagtail.models import PageViewRestriction

from products.catalogue import offers
from products.models import ProductPage

from .factories import make_category, make_product_page, make_variant, set_price

pytestmark = pytest.mark.django_db


def test_an_offer_says_all_that_a_cart_line_needs(django_assert_max_num_queries):
    small = make_variant("TEA-100", price="12.50", stock=3, title="Sencha", first_value="100 g")
    make_variant("TEA-250", price="29.00", product=small.product, first_value="250 g", weight=250)
    set_price(small, "9.50", compare_at="12.50")

    with django_assert_max_num_queries(3):
        found = offers(["TEA-100", "TEA-250", "NO-SUCH"], currency="EUR")

    assert set(found) == {"TEA-100", "TEA-250"}
    offer = found["TEA-100"]
    assert (offer.variant_id, offer.name, offer.options) == (small.pk, "Sencha", "100 g")
    assert (str(offer.price), str(offer.compare_at)) == ("9.50", "12.50")
    assert (offer.available, offer.weight_grams, offer.tax_class) == (3, 100, "standard")
    assert offer.url.endswith("/green-tea/sencha-1/")
    assert offer.image is None
    assert found["TEA-250"].weight_grams == 250


def test_sold_out_is_an_offer_of_nothing():
    make_variant("TEA-100", stock=0)

    assert offers(["TEA-100"], currency="EUR")["TEA-100"].available == 0


def test_what_no_live_page_shows_is_not_offered():
    make_variant("TEA-100", live=False)

    assert offers(["TEA-100"], currency="EUR") == {}


def test_what_is_switched_off_is_not_offered():
    variant = make_variant("TEA-100")
    variant.is_active = False
    variant.save()

    assert offers(["TEA-100"], currency="EUR") == {}


def test_what_has_no_price_in_the_currency_is_not_offered():
    make_variant("TEA-100", price=None)
    make_variant("TEA-200")

    assert offers(["TEA-100"], currency="EUR") == {}
    assert offers(["TEA-200"], currency="USD") == {}


def test_what_is_behind_a_password_is_not_offered():
    category = make_category("Trade only")
    make_variant("TEA-100", category=category)
    make_variant("TEA-200", category=make_category("Trade only too"))
    PageViewRestriction.objects.create(
        page=category, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )

    assert set(offers(["TEA-100", "TEA-200"], currency="EUR")) == {"TEA-200"}


def test_a_product_on_two_pages_is_offered_by_the_first():
    variant = make_variant("TEA-100", title="Sencha")
    make_product_page(variant.product, title="Sencha, again")

    assert offers(["TEA-100"], currency="EUR")["TEA-100"].name == "Sencha"


def test_taking_the_page_offline_ends_the_offer():
    make_variant("TEA-100")
    ProductPage.objects.get().unpublish()

    assert offers(["TEA-100"], currency="EUR") == {}
