"""What a code takes off a cart, and what is said when it takes nothing off."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cart import claiming
from cart.cart import Cart
from cart.coupons import Discount, DoesNotApply, NotValid
from cart.models import Coupon, CouponCode
from cart.sessions import SessionStore
from cart.tests.factories import day, make_coupon
from cart.tests.test_cart import add
from products import kept
from products.money import share_out
from products.tests.factories import make_category, make_product_page, make_variant, set_price

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)
NOW = day("2026-03-14")


def cart_with(*skus: str, at=None, currency: str | None = None) -> Cart:
    cart = Cart(SessionStore(), at=at, currency=currency)
    for sku in skus:
        cart.add(sku, 1)
    return cart


def off(cart: Cart, code: str = "SPRING10") -> dict[str, str]:
    """What applying the code takes off, by SKU."""
    cart.apply_coupon(code)
    return {sku: str(amount) for sku, amount in cart.discount.amounts.items()}


# --- What it gives -----------------------------------------------------------------------------


def test_percent_is_rounded_once_and_the_shares_add_up():
    for sku in ("TEA-1", "TEA-2", "TEA-3"):
        make_variant(sku, price="3.33", title=sku)
    make_coupon(percent="10")

    # 10 % of 9.99 is 0.999: 1.00. Line by line it would have been 0.99.
    cart = cart_with("TEA-1", "TEA-2", "TEA-3")
    assert off(cart) == {"TEA-1": "0.34", "TEA-2": "0.33", "TEA-3": "0.33"}
    assert (cart.subtotal, cart.total) == (Decimal("9.99"), Decimal("8.99"))


def test_an_amount_is_shared_out_by_value():
    make_variant("TEA-1", price="10.00", title="Assam")
    make_variant("TEA-2", price="30.00", title="Sencha")
    make_coupon(amount="5.00")

    assert off(cart_with("TEA-1", "TEA-2")) == {"TEA-1": "1.25", "TEA-2": "3.75"}


def test_an_amount_above_the_goods_makes_them_free_and_not_cheaper():
    make_variant("TEA-1", price="3.20")
    make_coupon(amount="50.00")

    cart = cart_with("TEA-1")

    assert off(cart) == {"TEA-1": "3.20"}
    assert cart.total == 0


def test_free_shipping_takes_nothing_off_the_goods():
    make_variant("TEA-1")
    make_coupon(free_shipping=True)

    cart = cart_with("TEA-1")
    cart.apply_coupon("SPRING10")

    assert cart.discount.free_shipping
    assert cart.total == cart.subtotal == Decimal("10.00")


def test_a_coupon_for_some_products_leaves_the_others_alone():
    tea = make_variant("TEA-1", price="10.00", title="Assam")
    make_variant("POT-1", price="40.00", title="Pot")
    make_coupon(percent="50", products=[tea.product])

    assert off(cart_with("TEA-1", "POT-1")) == {"TEA-1": "5.00"}


def test_a_coupon_whose_goods_are_gone_is_for_nothing_rather_than_everything():
    tea = make_variant("TEA-1", price="10.00", title="Assam")
    make_variant("POT-1", price="40.00", title="Pot")
    coupon = make_coupon(percent="50", products=[tea.product])
    coupon.products.clear()

    with pytest.raises(DoesNotApply, match="does not apply to anything in your cart"):
        cart_with("POT-1").apply_coupon("SPRING10")


def test_a_category_means_the_pages_below_it_too():
    teas = make_category("Teas")
    greens = make_category("Greens", parent=teas)
    make_variant("TEA-1", title="Assam", category=teas)
    make_variant("TEA-2", title="Sencha", category=greens)
    make_variant("POT-1", title="Pot", category=make_category("Pots"))
    make_coupon(percent="10", categories=[teas])

    assert off(cart_with("TEA-1", "TEA-2", "POT-1")) == {"TEA-1": "1.00", "TEA-2": "1.00"}


def test_a_draft_in_a_category_does_not_make_a_product_eligible():
    pot = make_variant("POT-1", title="Pot", category=make_category("Pots"))
    teas = make_category("Teas")
    make_product_page(pot.product, title="Pot", category=teas, live=False)
    make_coupon(percent="10", categories=[teas])

    with pytest.raises(DoesNotApply, match="does not apply to anything in your cart"):
        cart_with("POT-1").apply_coupon("SPRING10")


def test_products_and_categories_are_one_or_the_other():
    teas = make_category("Teas")
    make_variant("TEA-1", title="Assam", category=teas)
    pot = make_variant("POT-1", title="Pot", category=make_category("Pots"))
    make_coupon(percent="10", products=[pot.product], categories=[teas])

    assert off(cart_with("TEA-1", "POT-1")) == {"TEA-1": "1.00", "POT-1": "1.00"}


def test_a_currency_without_cents_gets_whole_discounts(settings):
    settings.SHOP_CURRENCY = "JPY"
    make_variant("TEA-1", price="333", title="Assam")
    make_variant("TEA-2", price="334", title="Sencha")
    make_coupon(percent="10", currency="")

    assert off(cart_with("TEA-1", "TEA-2", currency="JPY")) == {"TEA-1": "33", "TEA-2": "34"}


@given(
    prices=st.lists(st.integers(0, 10**8), min_size=1, max_size=50),
    whole=st.integers(0, 10**9),
    decimals=st.sampled_from([0, 2, 3]),
)
def test_shares_add_up_and_none_is_more_than_its_line(prices, whole, decimals):
    unit = Decimal(1).scaleb(-decimals)
    weights = [price * unit for price in prices]
    amount = min(whole * unit, sum(weights))

    parts = share_out(amount, weights, unit)

    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
    assert all(part % unit == 0 for part in parts)


# --- Why it does not apply ---------------------------------------------------------------------


def test_below_the_minimum_the_shopper_is_told_how_much_is_missing():
    make_variant("TEA-1", price="15.80")
    make_coupon(minimum_spend=Decimal("20"))
    cart = cart_with("TEA-1")

    with pytest.raises(DoesNotApply, match=r"add €4\.20 more to your cart"):
        cart.apply_coupon("SPRING10")

    assert cart.coupon_code == ""
    cart.add("TEA-1", 1)
    assert off(cart) == {"TEA-1": "3.16"}


def test_the_minimum_is_reached_to_the_cent():
    make_variant("TEA-1", price="20.00")
    make_coupon(minimum_spend=Decimal("20"))

    assert off(cart_with("TEA-1")) == {"TEA-1": "2.00"}


def test_the_minimum_counts_what_the_coupon_applies_to():
    tea = make_variant("TEA-1", price="10.00", title="Assam")
    make_variant("POT-1", price="90.00", title="Pot")
    make_coupon(minimum_spend=Decimal("20"), products=[tea.product])

    with pytest.raises(DoesNotApply, match=r"add €10\.00 more of what it applies to"):
        cart_with("TEA-1", "POT-1").apply_coupon("SPRING10")


def test_a_code_applies_from_its_first_moment_until_its_last():
    make_variant("TEA-1")
    make_coupon(starts_at=NOW, ends_at=NOW + timedelta(days=1))

    with pytest.raises(DoesNotApply, match=r"can be used from March 14, 2026, 1 p\.m\. on"):
        cart_with("TEA-1", at=NOW - timedelta(seconds=1)).apply_coupon("SPRING10")
    assert off(cart_with("TEA-1", at=NOW)) == {"TEA-1": "1.00"}
    last = NOW + timedelta(days=1)
    assert off(cart_with("TEA-1", at=last - timedelta(seconds=1))) == {"TEA-1": "1.00"}
    with pytest.raises(NotValid):
        cart_with("TEA-1", at=last).apply_coupon("SPRING10")


def test_an_amount_in_another_currency_does_not_apply():
    make_variant("TEA-1")
    make_coupon(amount="5", currency="CHF")

    with pytest.raises(DoesNotApply, match="is for orders in CHF"):
        cart_with("TEA-1").apply_coupon("SPRING10")


def dead_codes() -> None:
    make_coupon("OVER-1", ends_at=NOW)
    make_coupon("OFF-1", is_active=False)
    used_up = make_coupon("GONE-1", total_limit=1)
    Coupon.objects.filter(pk=used_up.pk).update(used=1)
    make_coupon("ONCE-1", single_use=True)
    CouponCode.objects.filter(code="ONCE-1").update(used=1)


@pytest.mark.parametrize("code", ["NEVER-1", "OVER-1", "OFF-1", "GONE-1", "ONCE-1"])
def test_whoever_guesses_learns_nothing_from_a_dead_code(
    client, code, django_assert_max_num_queries
):
    make_variant("TEA-1")
    dead_codes()
    cart = cart_with("TEA-1", at=NOW)
    cart.lines  # noqa: B018, read before it is counted

    with django_assert_max_num_queries(1), pytest.raises(NotValid) as refusal:
        cart.apply_coupon(code)

    assert str(refusal.value) == f"{code} is not a valid code. Please check the spelling."
    assert cart.coupon_code == ""


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ends_at": NOW}, "SPRING10 has ended."),
        ({"is_active": False}, "SPRING10 can no longer be used."),
        ({"total_limit": 5, "used": 5}, "SPRING10 has been used up."),
    ],
)
def test_whoever_held_a_code_is_told_why_it_stopped(change, reason):
    make_variant("TEA-1")
    coupon = make_coupon()
    session = SessionStore()
    cart = Cart(session, at=NOW)
    cart.add("TEA-1", 1)
    cart.apply_coupon("SPRING10")
    Coupon.objects.filter(pk=coupon.pk).update(**change)

    later = Cart(session, at=NOW)

    assert later.coupon_code == "SPRING10"
    assert later.discount is None
    assert later.coupon_problem == reason
    assert later.total == Decimal("10.00")


def test_ones_own_unpaid_order_does_not_use_the_code_up():
    make_variant("TEA-1")
    coupon = make_coupon(single_use=True, total_limit=1)
    cart = cart_with("TEA-1")
    cart.apply_coupon("SPRING10")
    Coupon.objects.filter(pk=coupon.pk).update(used=1)
    CouponCode.objects.update(used=1)

    cart._session.update(Cart.claimed("SPRING10"))
    cart.apply_coupon("SPRING10")

    assert cart.discount.total == Decimal("1.00")


# --- In the session ----------------------------------------------------------------------------


def apply(client, code: str, **extra):
    return client.post(reverse("cart:apply_coupon"), {"code": code}, **extra)


def error_of(response) -> str:
    assert response.status_code == 200
    return str(response.context["coupon_form"].errors["code"][0])


def test_a_code_is_entered_shown_and_removed(client):
    make_variant("TEA-1", price="25.00")
    make_coupon()
    add(client, "TEA-1")

    response = apply(client, " spring10 ")
    assert (response.status_code, response.url) == (303, reverse("cart:show"))
    page = client.get(reverse("cart:show")).content.decode()
    assert "Coupon SPRING10" in page
    assert "−€2.50" in page
    assert "€22.50" in page

    client.post(reverse("cart:remove_coupon"))
    page = client.get(reverse("cart:show")).content.decode()
    assert "SPRING10" not in page
    assert "€22.50" not in page


def test_a_second_code_takes_the_place_of_the_first(client):
    make_variant("TEA-1")
    make_coupon()
    make_coupon("AUTUMN20", percent="20")
    add(client, "TEA-1")
    apply(client, "SPRING10")

    apply(client, "AUTUMN20")

    assert client.get(reverse("cart:show")).context["cart"].total == Decimal("8.00")


def test_a_code_that_does_not_apply_leaves_the_one_that_does(client):
    make_variant("TEA-1")
    make_coupon()
    make_coupon("BIG50", percent="50", minimum_spend=Decimal(100))
    add(client, "TEA-1")
    apply(client, "SPRING10")

    response = apply(client, "BIG50")

    assert "BIG50: add €90.00 more" in error_of(response)
    assert client.session["coupon"] == "SPRING10"


def test_the_discount_follows_the_cart_and_the_prices(client):
    variant = make_variant("TEA-1", price="10.00")
    make_coupon()
    add(client, "TEA-1")
    apply(client, "SPRING10")

    set_price(variant, "20.00")
    add(client, "TEA-1")

    assert client.get(reverse("cart:show")).context["cart"].discount.total == Decimal("4.00")


def test_looking_and_removing_nothing_starts_no_session(client):
    for response in (
        client.get(reverse("cart:show")),
        client.post(reverse("cart:remove_coupon")),
        apply(client, "NEVER-1"),
    ):
        assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_looking_at_a_discount_writes_nothing(client):
    make_variant("TEA-1")
    make_coupon()
    add(client, "TEA-1")
    apply(client, "SPRING10")
    before = dict(client.session.items())

    response = client.get(reverse("cart:show"))

    assert settings.SESSION_COOKIE_NAME not in response.cookies
    assert dict(client.session.items()) == before


@pytest.mark.parametrize("name", ["apply_coupon", "remove_coupon"])
def test_a_get_or_another_site_changes_nothing(name):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    assert strict.get(reverse(f"cart:{name}")).status_code == 405
    assert strict.post(reverse(f"cart:{name}"), {"code": "SPRING10"}).status_code == 403


@pytest.mark.parametrize(
    "typed", ["SPRING10", " spring10\t", "ＳＰＲＩＮＧ１０", "SPR ING10", "\u200bSPRING10\ufeff"]
)
def test_a_code_is_understood_however_it_was_copied(client, typed):
    make_variant("TEA-1")
    make_coupon()
    add(client, "TEA-1")

    assert apply(client, typed).status_code == 303
    assert client.session["coupon"] == "SPRING10"


def test_every_dash_is_a_dash(client):
    make_variant("TEA-1")
    make_coupon("TEA-TIME")
    add(client, "TEA-1")

    assert apply(client, "tea–time").status_code == 303


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "A", "A" * 33, "A" * 5000, "SPRING10\0", "<script>alert(1)</script>", "'--",
     "SPRING10;DROP", "КУПОН10", "🍵🍵🍵", "\u202eSPRING10<b>", "-SPRING", "ﷺ" * 90],
)  # fmt: skip
def test_what_cannot_be_a_code_gets_a_clear_message(client, typed):
    make_variant("TEA-1")
    make_coupon()
    add(client, "TEA-1")

    response = apply(client, typed)

    assert error_of(response) in {
        "Enter a code.",
        "A code is made of letters, digits and dashes.",
    }
    assert "<script>alert" not in response.content.decode()
    assert "coupon" not in client.session


def test_bytes_that_are_no_text_get_a_clear_message(client):
    make_variant("TEA-1")
    add(client, "TEA-1")

    response = client.post(
        reverse("cart:apply_coupon"),
        b"code=%ff%fe%00",
        content_type="application/x-www-form-urlencoded",
    )

    assert error_of(response) == "A code is made of letters, digits and dashes."


def test_a_coupon_for_a_category_takes_three_queries_more(
    client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(kept, "MOMENT", 60.0)  # the menu, as in a running shop
    teas = make_category("Teas")
    for number in range(5):
        make_variant(f"TEA-{number}", title=f"Tea {number}", category=teas)
        add(client, f"TEA-{number}")
    make_coupon(categories=[teas])
    apply(client, "SPRING10")
    client.get(reverse("cart:show"))

    with django_assert_max_num_queries(3 + 3):  # no pictures here
        client.get(reverse("cart:show"))


# --- The rows ----------------------------------------------------------------------------------


def test_a_form_opened_before_a_sale_does_not_write_the_old_count_back():
    coupon = make_coupon()
    stale = Coupon.objects.get()
    Coupon.objects.filter(pk=coupon.pk).update(used=7)

    stale.name = "Spring"
    stale.save()

    coupon.refresh_from_db()
    assert (coupon.name, coupon.used) == ("Spring", 7)


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "percent", "percent": None},
        {"kind": "percent", "percent": Decimal("100.01")},
        {"kind": "percent", "percent": Decimal(10), "amount": Decimal(5)},
        {"kind": "amount", "percent": None, "amount": Decimal(-5)},
        {"kind": "amount", "percent": None, "amount": Decimal(5), "currency": ""},
        {"kind": "free_shipping", "percent": Decimal(5)},
        {"minimum_spend": Decimal(-1)},
        {"minimum_spend": Decimal(1), "currency": ""},
        {"starts_at": NOW, "ends_at": NOW},
        {"total_limit": 3, "used": 4},
    ],
)
def test_the_database_refuses_terms_that_make_no_sense(terms):
    with pytest.raises(IntegrityError):
        Coupon.objects.create(
            **{"name": "Spring", "percent": Decimal(10), "currency": "EUR"} | terms
        )


@pytest.mark.parametrize(
    ("terms", "state"),
    [
        ({}, "active"),
        ({"starts_at": NOW}, "active"),
        ({"starts_at": NOW + INSTANT}, "scheduled"),
        ({"ends_at": NOW + INSTANT}, "active"),
        ({"ends_at": NOW}, "over"),
        ({"total_limit": 1}, "active"),
        ({"total_limit": 0}, "used_up"),
        ({"is_active": False, "ends_at": NOW}, "off"),
    ],
)
def test_a_coupon_and_the_database_agree_on_its_state(terms, state):
    coupon = make_coupon(**terms)

    assert coupon.state_at(NOW) == state
    assert Coupon.objects.with_state(NOW).get().state == state
    discount = Discount(coupon.pk, 0, "X", {}, False, coupon.customer_terms)
    assert claiming.take_as_judged(discount, at=NOW) == (state == "active")
