"""Advice to editors: what is missing or contradicts the product. Only a missing product blocks."""

import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from wagtail.rich_text import RichText

from products.editing.advice import advice_on, amounts_in
from products.editing.checks import KINDS
from products.models import ProductPage, ProductPicture

from .factories import make_product_page, make_variant, set_price
from .forms import EDITING, a_page
from .test_pages import picture

pytestmark = pytest.mark.django_db


def kinds(page: ProductPage) -> list[str]:
    return [advice.kind for advice in advice_on(page)]


def wrong_prices(*words: str, **fields: str) -> list[str]:
    page = ProductPage.objects.get()
    page.body = [("text", RichText(f"<p>{text}</p>")) for text in words]
    for name, value in fields.items():
        setattr(page, name, value)
    found = [advice.words for advice in advice_on(page) if advice.kind == "wrong-price"]
    return [re.search("“(.*)”", text)[1] for text in found]


@pytest.fixture
def perfect(settings, tmp_path) -> ProductPage:
    settings.MEDIA_ROOT = tmp_path
    variant = make_variant("TEA-100", price="13.90", weight=120)
    variant.gtin = "4006381333931"
    variant.save()
    page = ProductPage.objects.get()
    page.search_description = "Green tea of the first harvest."
    page.gallery.add(ProductPicture(image=picture("spring"), alt_text="A cup of green tea"))
    page.save()
    return page


def test_a_page_with_everything_gets_no_advice(perfect):
    assert kinds(perfect) == []


def test_what_is_missing_is_named(perfect):
    perfect.search_description = ""
    perfect.gallery = [ProductPicture(image=perfect.gallery.get().image, alt_text=" ")]
    perfect.product.variants.update(gtin="", weight_grams=0)

    assert kinds(perfect) == ["no-description", "no-alt-text", "no-gtin", "no-weight"]
    assert [a.words for a in advice_on(perfect)][2] == "Without a GTIN: TEA-100."
    perfect.gallery = []
    assert "no-picture" in kinds(perfect)


def test_a_page_that_was_never_saved_gets_advice_too():
    assert kinds(ProductPage(title="New")) == ["no-description", "no-picture"]


def test_a_price_in_the_text_must_be_one_of_the_product(perfect):
    make_variant("TEA-250", price="29.00", product=perfect.product, first_value="250 g")

    assert wrong_prices("Only €12.90 a bag, or <b>29 €</b>.") == ["€12.90"]
    assert wrong_prices("Now 13,90 €, 29.00 EUR, EUR 29,00.") == []
    assert wrong_prices(summary="From 9,50 €.") == ["9,50 €"]
    assert wrong_prices("12.90 of us, in 2019, for 250 g.") == []


def test_what_the_price_was_and_will_be_may_stand_in_the_text(perfect):
    set_price(perfect.product.variants.get(), "11.00", compare_at="13.90")

    assert wrong_prices("Was €13.90, is €11.00.") == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("€1,234.50", "1234.50"),
        ("1.234,50 €", "1234.50"),
        ("1.234 €", "1234"),
        ("€5", "5"),
        ("EUR 0.99.", "0.99"),
        ("€ 12,9", "12.90"),
        ("€" + "9" * 5000, "9999999999999999"),
    ],
)
def test_amounts_are_read_however_they_are_written(text, amount):
    assert list(amounts_in(text, "EUR").values()) == [Decimal(amount)]


def test_what_is_no_amount_is_none():
    assert amounts_in("€........ €, 5 apples", "EUR") == {}


def test_an_amount_of_a_currency_without_cents_has_no_decimals():
    assert list(amounts_in("¥1,200 or 1.200 JPY", "JPY").values()) == [Decimal(1200)] * 2


def test_advice_is_shown_in_the_preview_and_never_to_shoppers(client, sign_in, perfect):
    sign_in(*EDITING)
    words = a_page(perfect.product, slug=perfect.slug, summary="Only €1.")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[perfect.pk])
    client.post(address, words)

    assert 'data-advice="wrong-price"' in client.get(address).content.decode()
    client.post(
        reverse("wagtailadmin_pages:edit", args=[perfect.pk]), words | {"action-publish": "yes"}
    )
    live = client.get(perfect.url).content.decode()
    assert "Only €1." in live
    assert "data-advice" not in live


def test_the_editors_checks_look_for_every_kind_of_advice(client, sign_in):
    sign_in(*EDITING)
    make_variant("TEA-100")
    edit = reverse("wagtailadmin_pages:edit", args=[ProductPage.objects.get().pk])

    shown = client.get(edit).content.decode()

    (found,) = re.findall(r'id="checker-axe-configuration"[^>]*>(.*?)</script>', shown, re.DOTALL)
    configuration = json.loads(found)
    for kind in KINDS:
        rule = f"advice-{kind}"
        assert rule in configuration["options"]["runOnly"]
        assert rule in configuration["messages"]
        assert rule in [each["id"] for each in configuration["spec"]["rules"]]


def test_no_advice_is_of_a_kind_that_the_checks_do_not_know(perfect):
    bare = make_product_page(perfect.product, title="Bare")
    bare.summary = "Only €1."
    perfect.product.variants.update(gtin="", weight_grams=0)

    assert set(kinds(bare)) <= set(KINDS)
