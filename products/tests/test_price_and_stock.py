"""The one place where prices and stock are changed."""

from decimal import Decimal

import pytest
from django.urls import reverse

from products.models import Price, PriceChange, ProductPage, StockItem, StockMovement, Variant

from .factories import make_variant
from .forms import EDITING, PRICING, STOCKING

pytestmark = pytest.mark.django_db


def change_price(client, variant: Variant, amount: str, compare_at: str = "", reason: str = "Sale"):
    entries = {"amount": amount, "compare_at": compare_at, "reason": reason}
    return press(client, variant, f"price-{variant.pk}", **entries)


def press(client, variant: Variant, prefix: str, **entries: str):
    """The button of one form of the screen."""
    return client.post(
        reverse("products:prices_and_stock", args=[variant.product_id]),
        {"save": prefix} | {f"{prefix}-{name}": entry for name, entry in entries.items()},
    )


def move_stock(client, variant: Variant, reason: str, change: str, note: str = "Delivery 17"):
    entries = {"reason": reason, "change": change, "note": note}
    return press(client, variant, f"stock-{variant.pk}", **entries)


def test_a_price_is_changed_in_one_place_that_remembers_who_and_why(client, sign_in):
    user = sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")

    saved = change_price(client, variant, "9.99", "12.50")

    assert saved.status_code == 302
    price = Price.objects.get()
    assert (price.amount, price.compare_at) == (Decimal("9.99"), Decimal("12.5"))
    change = PriceChange.objects.first()
    assert (change.old_amount, change.changed_by, change.reason) == (Decimal("12.5"), user, "Sale")
    shown = client.get(saved.url).content.decode()
    assert "€9.99" in shown
    assert "Sale" in shown


@pytest.mark.parametrize(
    ("amount", "compare_at", "message"),
    [
        ("-1", "", "greater than or equal to 0"),
        ("9.999", "", "no more than 2 decimal places"),
        ("abc", "", "Enter a number"),
        ("", "", "This field is required"),
        ("9", "9", "must be higher than the new price"),
        ("1" * 5000, "", "Ensure that there are no more than"),
    ],
)
def test_a_price_that_cannot_be_is_refused(client, sign_in, amount, compare_at, message):
    sign_in(*PRICING)
    variant = make_variant("TEA-100", price="12.50")

    shown = change_price(client, variant, amount, compare_at)

    assert shown.status_code == 200
    assert message in shown.content.decode()
    assert Price.objects.get().amount == Decimal("12.5")
    assert PriceChange.objects.count() == 1


def test_stock_is_moved_in_one_place_that_remembers_who_and_why(client, sign_in):
    user = sign_in(*STOCKING)
    variant = make_variant("TEA-100", stock=7)

    saved = move_stock(client, variant, "received", "5")

    assert saved.status_code == 302
    assert StockItem.objects.get().on_hand == 12
    movement = StockMovement.objects.first()
    assert (movement.on_hand_change, movement.moved_by, movement.note) == (5, user, "Delivery 17")
    assert "Delivery 17" in client.get(saved.url).content.decode()


@pytest.mark.parametrize(
    ("reason", "change", "message"),
    [
        ("damaged", "-6", "the rest is promised to orders"),
        ("received", "-1", "Goods received are more"),
        ("damaged", "1", "write a minus"),
        ("counted", "0", "Nothing changes by 0"),
        ("sold", "-1", "Select a valid choice"),
        ("counted", "1.5", "Enter a whole number"),
        ("counted", str(2**63), "less than or equal to 1000000"),
    ],
)
def test_a_movement_that_cannot_be_is_refused(client, sign_in, reason, change, message):
    sign_in(*STOCKING)
    variant = make_variant("TEA-100", stock=7)
    StockItem.objects.update(reserved=2)

    shown = move_stock(client, variant, reason, change)

    assert shown.status_code == 200
    assert message in shown.content.decode()
    assert StockItem.objects.get().on_hand == 7
    assert StockMovement.objects.count() == 1


def test_the_warehouse_finds_its_way_without_editing_products(client, sign_in):
    sign_in(*STOCKING, "view_product")
    screen = reverse("products:prices_and_stock", args=[make_variant("TEA-100").product_id])

    shown = client.get(reverse("products:index")).content.decode()

    assert screen in shown
    assert client.get(screen).status_code == 200


def test_each_may_change_only_what_they_may(client, sign_in):
    variant = make_variant("TEA-100", price="12.50", stock=7)

    sign_in(*PRICING)
    move_stock(client, variant, "received", "5")
    assert StockItem.objects.get().on_hand == 7

    sign_in(*STOCKING, "view_product")
    change_price(client, variant, "1.00")
    assert Price.objects.get().amount == Decimal("12.5")

    sign_in(*EDITING, "view_product")
    assert move_stock(client, variant, "received", "5").status_code in (302, 403)
    assert change_price(client, variant, "1.00").status_code in (302, 403)
    assert client.get(
        reverse("products:prices_and_stock", args=[variant.product_id])
    ).status_code in (302, 403)
    assert (StockItem.objects.get().on_hand, Price.objects.get().amount) == (7, Decimal("12.5"))


def test_a_variant_of_another_product_is_out_of_reach(client, sign_in):
    sign_in(*PRICING)
    mine, other = make_variant("TEA-100"), make_variant("POT-1", price="40.00")
    prefix = f"price-{other.pk}"

    client.post(
        reverse("products:prices_and_stock", args=[mine.product_id]),
        {"save": prefix, f"{prefix}-amount": "1.00"},
    )

    assert Price.objects.get(variant=other).amount == 40


def test_markup_in_names_is_text_on_every_admin_screen(client, sign_in):
    sign_in(*EDITING, *PRICING, *STOCKING)
    evil = "<script>alert(1)</script>"
    variant = make_variant("TEA-100", title=evil, first_value=evil)
    change_price(client, variant, "1.00", reason=evil)
    move_stock(client, variant, "received", "1", note=evil)
    product, page = variant.product_id, ProductPage.objects.get().pk

    for address in (
        reverse("products:index"),
        reverse("products:edit", args=[product]),
        reverse("products:prices_and_stock", args=[product]),
        reverse("product_chooser:choose"),
        reverse("wagtailadmin_pages:edit", args=[page]),
    ):
        shown = client.get(address)

        assert shown.status_code == 200
        assert evil not in shown.content.decode()
