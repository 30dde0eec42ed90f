"""A product made in the dialog of the page form."""

from decimal import Decimal

import pytest
from django.urls import reverse

from products.models import Price, PriceChange, Product, StockItem, StockMovement, Variant

from .factories import make_category, make_variant
from .forms import EDITING, a_page, a_product, a_row

pytestmark = pytest.mark.django_db


def create(client, *rows, **changes):
    return client.post(reverse("product_chooser:create"), a_product(*rows, **changes))


def nothing_was_written() -> bool:
    return not any(
        model.objects.exists() for model in (Product, Variant, Price, PriceChange, StockItem)
    )


def test_an_editor_makes_product_and_page_in_one_flow_and_a_shopper_sees_it(client, sign_in):
    user = sign_in(*EDITING)
    category = make_category("Green tea")
    dialog = client.get(reverse("product_chooser:choose")).json()["html"]

    created = create(
        client,
        a_row(first_value="100 g", content="100", content_unit="g"),
        a_row("TEA-250", first_value="250 g"),
    )
    product = Product.objects.get()
    page_form = reverse("wagtailadmin_pages:add", args=["products", "productpage", category.pk])
    published = client.post(page_form, a_page(product) | {"action-publish": "yes"})

    assert "variants-0-opening_stock" in dialog
    assert created.json()["step"] == "chosen"
    assert created.json()["result"]["id"] == str(product.pk)
    assert published.status_code == 302
    client.logout()
    shown = client.get("/green-tea/sencha/").content.decode()
    assert "Sencha of spring" in shown
    assert "Picked in May." in shown
    assert "€12.50" in shown
    assert "€125.00" in shown
    assert 'value="TEA-250"' in shown
    assert [variant.label for variant in product.variants.all()] == ["100 g", "250 g"]
    change = PriceChange.objects.get(variant__sku="TEA-100")
    assert (change.old_amount, change.new_amount, change.changed_by) == (
        None,
        Decimal("12.5"),
        user,
    )
    movement = StockMovement.objects.get(item__variant__sku="TEA-100")
    assert (movement.reason, movement.on_hand_change, movement.moved_by) == ("opening", 7, user)
    assert StockItem.objects.get(variant__sku="TEA-100").on_hand == 7


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([a_row("TAKEN-1")], "Variant with this SKU already exists."),
        ([a_row("A-1", first_value="a"), a_row("A-1", first_value="b")], "the same SKU"),
        ([a_row("A-1"), a_row("A-2")], "the same options"),
        ([a_row("tea 100")], "Capital letters"),
        ([a_row(price="-1")], "greater than or equal to 0"),
        ([a_row(price="12.505")], "no more than 2 decimal places"),
        ([a_row(price="1e99")], "Ensure that there are no more than"),
        ([a_row(price="NaN")], "Enter a number."),
        ([a_row(price="")], "This field is required."),
        ([a_row(opening_stock="-1")], "greater than or equal to 0"),
        ([a_row(opening_stock="99999999999")], "less than or equal to 1000000"),
        ([a_row(weight_grams="99999999999")], "less than or equal to"),
        ([a_row(content="50")], "Choose what the contents are measured in."),
        ([a_row(content_unit="g")], "Enter how much is inside"),
        ([a_row(content="-5", content_unit="g")], "greater than or equal to 0.001"),
        ([a_row(content="5", content_unit="ell")], "Select a valid choice"),
        ([a_row("A\0B")], "Null characters are not allowed."),
        ([], "This field is required."),
    ],
)
def test_a_mistake_in_the_dialog_is_shown_there_and_nothing_is_written(
    client, sign_in, rows, message
):
    sign_in(*EDITING)
    make_variant("TAKEN-1")
    before = (Product.objects.count(), Variant.objects.count(), PriceChange.objects.count())

    answer = create(client, *rows, name="My own tea").json()

    assert answer["step"] == "reshow_creation_form"
    assert message in answer["htmlFragment"]
    assert 'value="My own tea"' in answer["htmlFragment"]
    after = (Product.objects.count(), Variant.objects.count(), PriceChange.objects.count())
    assert after == before


def test_a_dialog_without_its_rows_is_an_error_and_not_a_crash(client, sign_in):
    sign_in(*EDITING)

    answer = client.post(reverse("product_chooser:create"), {"name": "Sencha"})

    assert answer.json()["step"] == "reshow_creation_form"
    assert nothing_was_written()


def test_a_sku_taken_at_the_same_moment_leaves_nothing_half_made(client, sign_in, monkeypatch):
    sign_in(*EDITING)
    make_variant("TEA-100")
    # The other editor's row was not there yet when this form was checked.
    monkeypatch.setattr(Variant, "validate_unique", lambda *args, **kwargs: None)

    answer = create(client, a_row("TEA-200", first_value="a"), a_row("TEA-100", first_value="b"))

    assert "Somebody has just used one of these SKUs" in answer.json()["htmlFragment"]
    assert Product.objects.count() == 1
    assert not Variant.objects.filter(sku="TEA-200").exists()


def test_without_permission_no_product_is_made(client, sign_in):
    sign_in("change_product")

    dialog = client.get(reverse("product_chooser:choose")).json()["html"]
    answer = create(client, a_row())

    assert "variants-0-sku" not in dialog
    assert answer.status_code in (302, 403)
    assert nothing_was_written()


@pytest.mark.parametrize("query", ["sench", "TEA-1", '"', "%", "  ", "x" * 5000, "'; --"])
def test_products_are_found_by_name_and_sku(client, sign_in, query):
    sign_in(*EDITING)
    make_variant("TEA-100", title="Sencha")

    for address in ("product_chooser:choose_results", "products:index", "products:index_results"):
        found = client.get(reverse(address), {"q": query})

        assert found.status_code == 200
        if query in ("sench", "TEA-1"):
            assert "Sencha" in found.content.decode()
