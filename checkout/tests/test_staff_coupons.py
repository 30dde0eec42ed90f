"""Staff make coupons and their codes, see who used them, and cannot break what was sold."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from django.utils import timezone

from cart.models import Coupon, CouponCode
from cart.tests.factories import make_coupon
from checkout.models import CouponRedemption
from checkout.tests.factories import make_order
from products.models import Product
from products.tests.factories import make_category, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = User.objects.create_user("mia")
    user.groups.add(Group.objects.get(name="Shop staff"))
    client.force_login(user)
    return client


def form(**fields: str) -> dict[str, str]:
    """The form of a coupon of 10 %, as a browser sends it; `fields` override."""
    formsets = {
        f"{rows}-{name}": number
        for rows in ("product_rows", "category_rows")
        for name, number in (("TOTAL_FORMS", "0"), ("INITIAL_FORMS", "0"),
                             ("MIN_NUM_FORMS", "0"), ("MAX_NUM_FORMS", "1000"))
    }  # fmt: skip
    plain = {
        "name": "Spring", "code": "spring10", "kind": "percent", "percent": "10", "amount": "",
        "minimum_spend": "0", "currency": "EUR", "starts_at": "", "ends_at": "",
        "total_limit": "", "per_customer_limit": "", "is_active": "on",
    }  # fmt: skip
    return formsets | plain | fields


def use(coupon: Coupon, times: int = 1, *, customer: str = "ada@example.com", **order: str) -> None:
    code = coupon.codes.get()
    for number in range(times):
        placed = make_order(customer=customer, coupon_code=code.code, discount="2.00", **order)
        CouponRedemption.objects.create(
            order=placed, coupon=coupon, code=code, customer=customer, use=number + 1,
            claimed_at=timezone.now(),
        )  # fmt: skip
    Coupon.objects.filter(pk=coupon.pk).update(used=times)
    CouponCode.objects.filter(pk=code.pk).update(used=times)


def test_staff_make_a_coupon_with_its_code_and_terms(staff):
    tea = make_variant("TEA-1").product
    pots = make_category("Pots")

    response = staff.post(
        "/admin/coupons/create/",
        form(
            kind="amount", amount="5.50", percent="10", minimum_spend="20", currency="eur",
            total_limit="100", per_customer_limit="1", first_order_only="on",
            starts_at="2026-12-01 08:00", ends_at="2026-12-24 20:00", for_some_goods="on",
        )
        | {
            "product_rows-TOTAL_FORMS": "1", "product_rows-0-product": str(tea.pk),
            "category_rows-TOTAL_FORMS": "1", "category_rows-0-category": str(pots.pk),
        },
    )  # fmt: skip

    coupon = Coupon.objects.get()
    assert (response.status_code, response.url) == (302, f"/admin/coupons/inspect/{coupon.pk}/")
    assert (coupon.kind, coupon.amount, coupon.percent) == ("amount", Decimal("5.5"), None)
    assert (coupon.currency, coupon.total_limit, coupon.first_order_only) == ("EUR", 100, True)
    assert [str(product) for product in coupon.products.all()] == ["Sencha"]
    assert [str(category) for category in coupon.categories.all()] == ["Pots"]
    assert [code.code for code in coupon.codes.all()] == ["SPRING10"]
    page = staff.get(response.url).content.decode()
    assert "€5.50, from €20.00" in page
    assert "SPRING10" in page


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"percent": ""}, "Enter what the coupon gives."),
        ({"percent": "0"}, "Enter a percentage, or an amount with its currency."),
        ({"percent": "101"}, "Enter a percentage, or an amount with its currency."),
        ({"percent": "ten"}, "Enter a number."),
        ({"percent": "1e400"}, "digits"),
        ({"percent": "NaN"}, "Enter a number."),
        ({"kind": "amount", "amount": "5", "currency": ""}, "Enter the currency of the amount."),
        ({"kind": "amount", "amount": "5.005"}, "This currency has no such small coins."),
        ({"kind": "amount", "amount": "-5"}, "Enter a percentage, or an amount"),
        ({"kind": "magic"}, "Select a valid choice."),
        ({"minimum_spend": "-1"}, "greater than or equal to 0"),
        ({"minimum_spend": "5", "currency": ""}, "Enter the currency of the amount."),
        ({"currency": "euro"}, "at most 3 characters"),
        ({"currency": "€€€"}, "Three capital letters, such as EUR."),
        ({"code": "no spaces, please!"}, "3 to 32 letters, digits and dashes"),
        ({"code": "<script>"}, "3 to 32 letters, digits and dashes"),
        ({"code": "A" * 5000}, "at most 100 characters"),
        ({"code": "AB\0CD"}, "Null characters are not allowed."),
        ({"code": "TAKEN"}, "Another coupon has this code."),
        ({"starts_at": "2026-12-02 08:00", "ends_at": "2026-12-01 08:00"}, "It ends before it"),
        ({"ends_at": "someday"}, "Enter a valid date/time."),
        ({"starts_at": "0001-01-01 00:00"}, "Choose a date after 1999."),
        ({"ends_at": "9999-12-31 23:59"}, "Choose a date before 2100."),
        ({"per_customer_limit": "0"}, "greater than or equal to 1"),
        ({"per_customer_limit": "99999999999"}, "less than or equal to"),
        ({"total_limit": "-1"}, "greater than or equal to 0"),
        ({"total_limit": "9" * 30}, "less than or equal to"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_terms_that_make_no_sense_are_told_and_nothing_is_saved(staff, fields, complaint):
    make_coupon("TAKEN")

    response = staff.post("/admin/coupons/create/", form(**fields))

    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert Coupon.objects.count() == 1


def test_the_same_product_twice_is_told(staff):
    tea = str(make_variant("TEA-1").product.pk)
    twice = {"product_rows-TOTAL_FORMS": "2", "product_rows-0-product": tea,
             "product_rows-1-product": tea}  # fmt: skip

    response = staff.post("/admin/coupons/create/", form() | twice)

    assert response.status_code == 200
    assert "Please correct the duplicate data" in response.content.decode()


def test_names_are_printed_as_text(staff):
    coupon = make_coupon(name="<script>alert(1)</script>")

    for address in ("/admin/coupons/", f"/admin/coupons/inspect/{coupon.pk}/",
                    f"/admin/coupons/edit/{coupon.pk}/"):  # fmt: skip
        assert "<script>alert(1)" not in staff.get(address).content.decode()


def test_editing_keeps_the_uses_and_changes_the_terms(staff):
    coupon = make_coupon()
    use(coupon, 3)

    response = staff.post(
        f"/admin/coupons/edit/{coupon.pk}/", form(name="Late spring", total_limit="3", used="0")
    )

    assert response.status_code == 302
    coupon.refresh_from_db()
    assert (coupon.name, coupon.total_limit, coupon.used) == ("Late spring", 3, 3)
    assert coupon.codes.get().used == 3


@pytest.mark.parametrize(
    ("limit", "complaint"),
    [
        ({"total_limit": "2"}, "It has been used 3 times already."),
        ({"per_customer_limit": "2"}, "A customer has used it 3 times already."),
    ],
)
def test_a_limit_cannot_be_set_below_what_was_used(staff, limit, complaint):
    coupon = make_coupon()
    use(coupon, 3)

    response = staff.post(f"/admin/coupons/edit/{coupon.pk}/", form(**limit))

    assert complaint in response.content.decode()
    coupon.refresh_from_db()
    assert (coupon.total_limit, coupon.per_customer_limit) == (None, None)


def test_a_code_can_be_changed_until_an_order_used_it(staff):
    coupon = make_coupon()
    staff.post(f"/admin/coupons/edit/{coupon.pk}/", form(code="MAY10"))
    assert coupon.codes.get().code == "MAY10"
    use(coupon)

    staff.post(f"/admin/coupons/edit/{coupon.pk}/", form(code="JUNE10"))

    assert coupon.codes.get().code == "MAY10"


def test_only_a_coupon_that_no_order_used_can_be_deleted(staff):
    fresh, sold = make_coupon("FRESH"), make_coupon("SOLD")
    use(sold)

    for coupon in (fresh, sold):
        staff.post(f"/admin/coupons/delete/{coupon.pk}/")

    assert [coupon.name for coupon in Coupon.objects.all()] == ["Sold"]


def test_the_list_shows_state_uses_and_codes_and_filters_by_them(staff):
    soon = timezone.now() + timedelta(days=1)
    make_coupon("ACTIVE1", total_limit=20)
    make_coupon("LATER1", starts_at=soon, free_shipping=True)
    make_coupon("OFF-1", is_active=False)

    page = staff.get("/admin/coupons/").content.decode()
    for words in ("ACTIVE1", "0 of 20", "Scheduled", "Free shipping", "Switched off"):
        assert words in page

    def shown(query: str) -> list[str]:
        response = staff.get(f"/admin/coupons/?{query}")
        assert response.status_code == 200
        return [coupon.name for coupon in response.context["object_list"]]

    assert shown("state=scheduled") == ["Later1"]
    assert shown("state=off") == ["Off-1"]
    assert shown("kind=percent&state=active") == ["Active1"]
    assert shown("q=later") == ["Later1"]
    assert shown("state=nonsense") == ["Off-1", "Later1", "Active1"]
    assert shown("q=%22'%3B&o=9.-9&p=99999999999999999999&used__gte=0") == []


def test_a_list_of_many_coupons_asks_no_more_than_one_of_few(staff, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make_coupon("FIRST-1")
    staff.get("/admin/coupons/")
    with CaptureQueriesContext(connection) as few:
        staff.get("/admin/coupons/")
    for number in range(20):
        make_coupon(f"MORE-{number}")

    with django_assert_num_queries(len(few)):
        staff.get("/admin/coupons/")


def test_the_page_of_a_coupon_names_the_orders_that_used_it(staff):
    coupon = make_coupon()
    use(coupon, 1)
    order = CouponRedemption.objects.get().order

    page = staff.get(f"/admin/coupons/inspect/{coupon.pk}/").content.decode()

    assert f'<a href="/admin/orders/inspect/{order.pk}/">{order.number}</a>' in page
    assert "€2.00" in page


def test_who_may_not_see_orders_gets_no_links_to_them(client):
    user = User.objects.create_user("ben")
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["access_admin", "view_coupon"])
    )
    client.force_login(user)
    coupon = make_coupon()
    use(coupon)

    page = client.get(f"/admin/coupons/inspect/{coupon.pk}/").content.decode()

    assert CouponRedemption.objects.get().order.number in page
    assert "/admin/orders/inspect/" not in page
    assert "Make codes" not in page
    assert reverse("coupons_download_codes", args=[coupon.pk]) not in page


# --- Codes by the thousand ---------------------------------------------------------------------


def make_codes(client, coupon: Coupon, **entries: str):
    data = {"count": "100", "start": "XMAS", "length": "8"} | entries
    return client.post(f"/admin/coupons/codes/{coupon.pk}/", data, follow=True)


def test_ten_thousand_codes_are_made_at_once_and_no_two_are_alike(
    staff, django_assert_max_num_queries
):
    coupon = make_coupon()

    with django_assert_max_num_queries(100):  # the page that tells it included
        response = make_codes(staff, coupon, count="10000")

    assert "10000 codes are made." in response.content.decode()
    codes = set(coupon.codes.filter(is_single_use=True).values_list("code", flat=True))
    assert len(codes) == 10_000
    assert all(len(code) == 13 and code.startswith("XMAS-") for code in codes)


@pytest.mark.parametrize(
    "entries",
    [
        {"count": "0"}, {"count": "10001"}, {"count": "-5"}, {"count": "many"}, {"count": ""},
        {"length": "3"}, {"length": "200"}, {"start": "a b"}, {"start": "X" * 50},
        {"start": "=SUM"}, {"start": "<b>"}, {"start": "\0"},
    ],
)  # fmt: skip
def test_codes_nobody_should_have_are_refused_with_a_word_why(staff, entries):
    coupon = make_coupon()

    response = make_codes(staff, coupon, **entries)

    assert response.status_code == 200
    assert [str(message) for message in response.context["messages"]]
    assert coupon.codes.count() == 1


def test_every_code_can_be_downloaded(staff):
    coupon = make_coupon()
    use(coupon)
    make_codes(staff, coupon, count="3")

    response = staff.get(f"/admin/coupons/codes/{coupon.pk}/csv/")

    rows = response.getvalue().decode().splitlines()
    assert rows[:2] == ["Code,Works once,Used", "SPRING10,no,1"]
    assert len(rows) == 5
    assert rows[2].startswith("XMAS-")
    assert rows[2].endswith(",yes,0")
    assert "coupon-" in response["Content-Disposition"]


@pytest.mark.parametrize("missing", ["view_coupon", "add_couponcode", "export_couponcode"])
def test_codes_take_their_own_permissions(client, missing):
    user = User.objects.create_user("ben")
    names = {"access_admin", "view_coupon", "add_couponcode", "export_couponcode"} - {missing}
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    coupon = make_coupon()

    made = client.post(f"/admin/coupons/codes/{coupon.pk}/", {"count": "1", "length": "8"})
    file = client.get(f"/admin/coupons/codes/{coupon.pk}/csv/")

    assert (coupon.codes.count() == 2) == (missing == "export_couponcode")
    assert made.status_code == 302
    assert (file.status_code == 200) == (missing == "add_couponcode")


def test_products_that_go_leave_the_coupon(staff):
    product = Product.objects.create(name="Gone soon")
    coupon = make_coupon(products=[product])

    product.delete()

    page = staff.get(f"/admin/coupons/inspect/{coupon.pk}/").content.decode()
    assert "nothing: what it was for is gone" in page


def test_a_coupon_for_some_goods_names_them_and_one_for_all_names_none(staff):
    tea = make_variant("TEA-1").product
    named = {"product_rows-TOTAL_FORMS": "1", "product_rows-0-product": str(tea.pk)}

    nothing = staff.post("/admin/coupons/create/", form(for_some_goods="on"))
    both = staff.post("/admin/coupons/create/", form() | named)

    assert "Name a product or a category below." in nothing.content.decode()
    assert "Tick this, or take out what is named below." in both.content.decode()
    assert not Coupon.objects.exists()
