"""Staff fill in what sending costs and which VAT holds, and are told what makes no sense."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from checkout.models import ShippingMethod, ShippingRate, ShippingZone, TaxRate
from checkout.tests.buying import enter_rates

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = User.objects.create_user("mia")
    user.groups.add(Group.objects.get(name="Shop staff"))
    client.force_login(user)
    return client


@pytest.fixture
def germany() -> ShippingZone:
    return ShippingZone.objects.create(name="Germany", countries=["DE"])


def method_form(zone: ShippingZone, *rates: dict[str, str], **fields: str) -> dict[str, str]:
    form = {
        "name": "Parcel", "kind": "send", "description": "2–3 days", "sort_order": "0",
        "rates-TOTAL_FORMS": str(len(rates)), "rates-INITIAL_FORMS": "0",
        "rates-MIN_NUM_FORMS": "1", "rates-MAX_NUM_FORMS": "1000",
    }  # fmt: skip
    plain = {
        "zone": str(zone.pk), "currency": "EUR", "up_to_grams": "", "from_subtotal": "0",
        "price": "4.90",
    }  # fmt: skip
    for index, rate in enumerate(rates):
        form |= {f"rates-{index}-{name}": value for name, value in (plain | rate).items()}
    return form | fields


def test_staff_write_a_shipping_method_with_its_rates(staff, germany):
    rates = {}, {"from_subtotal": "60", "price": "0"}, {"up_to_grams": "500", "price": "2.90"}

    response = staff.post("/admin/shippingmethod/new/", method_form(germany, *rates))

    assert response.status_code == 302
    method = ShippingMethod.objects.get()
    assert [str(rate.price.normalize()) for rate in method.rates.all()] == ["0", "2.9", "4.9"]
    assert staff.get(f"/admin/shippingmethod/edit/{method.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("rate", "complaint"),
    [
        ({"price": "-1"}, "Sending cannot cost less than nothing."),
        ({"currency": "eur"}, "Three capital letters, such as EUR."),
        ({"price": "4.905"}, "The smallest amount in this currency is 0.01."),
        ({"price": "4.5", "currency": "JPY"}, "The smallest amount in this currency is 1."),
        ({"zone": ""}, "This field is required."),
        ({"zone": "99999"}, "Select a valid choice."),
        ({"price": "a lot"}, "Enter a number."),
        ({"price": "99999999999999"}, "digits"),
        ({"up_to_grams": "-5"}, "greater than or equal to 0"),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(staff, germany, rate, complaint):
    response = staff.post("/admin/shippingmethod/new/", method_form(germany, rate))

    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not ShippingMethod.objects.exists()


@pytest.mark.parametrize("grams", ["", "500"])
def test_two_rates_for_the_same_parcels_are_refused(staff, germany, grams):
    twice = [{"up_to_grams": grams, "price": price} for price in ("4.90", "5.90")]

    response = staff.post("/admin/shippingmethod/new/", method_form(germany, *twice))

    assert response.status_code == 200
    assert "Another rate has the same zone, currency and limits." in response.content.decode()
    assert not ShippingMethod.objects.exists()


def test_a_rate_may_be_deleted_and_written_anew_in_one_step(staff, germany):
    method, (old,) = sends(germany, None)
    form = edited(method, {"id": old.pk, "DELETE": "on"}, {"price": "5.90"}, zone=germany)

    assert staff.post(f"/admin/shippingmethod/edit/{method.pk}/", form).status_code == 302

    assert [rate.price for rate in method.rates.all()] == [Decimal("5.90")]


def test_limits_may_change_places_and_move_up_in_one_step(staff, germany):
    method, (light, heavy) = sends(germany, 500, 1000)
    address = f"/admin/shippingmethod/edit/{method.pk}/"

    moved = {"id": light.pk, "up_to_grams": 1000}, {"id": heavy.pk, "up_to_grams": 2000}
    assert staff.post(address, edited(method, *moved, zone=germany)).status_code == 302
    light, heavy = method.rates.all()
    assert (light.up_to_grams, heavy.up_to_grams) == (1000, 2000)

    swapped = {"id": light.pk, "up_to_grams": 2000}, {"id": heavy.pk, "up_to_grams": 1000}
    assert staff.post(address, edited(method, *swapped, zone=germany)).status_code == 302
    assert method.rates.count() == 2


def test_the_database_takes_no_second_rate_for_the_same_parcels(germany):
    method, _ = sends(germany, None)
    again = ShippingRate(method=method, zone=germany, price=2)

    with pytest.raises(ValidationError, match="the same zone, currency and limits"):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    ShippingRate.objects.create(method=method, zone=germany, price=2, up_to_grams=0)


def sends(zone: ShippingZone, *grams: int | None) -> tuple[ShippingMethod, list[ShippingRate]]:
    """A method with a rate for each of these limits."""
    method = ShippingMethod.objects.create(name="Parcel")
    return method, [
        ShippingRate.objects.create(method=method, zone=zone, up_to_grams=limit, price=1)
        for limit in grams
    ]


def edited(method: ShippingMethod, *rates: dict, zone: ShippingZone) -> dict[str, str]:
    form = method_form(zone, *rates)
    return form | {"rates-INITIAL_FORMS": str(sum("id" in rate for rate in rates))}


def test_a_new_rate_is_in_the_shops_currency(settings):
    settings.SHOP_CURRENCY = "CHF"

    assert ShippingRate().currency == "CHF"


def test_thousandths_are_a_price_where_coins_are_that_small(germany):
    ShippingRate(
        method=ShippingMethod.objects.create(name="Parcel"), zone=germany, currency="KWD",
        price=Decimal("1.255"),
    ).full_clean()  # fmt: skip


def test_goods_are_picked_up_somewhere(staff, germany):
    form = method_form(germany, kind="pick_up", name="Pick up")

    nowhere = staff.post("/admin/shippingmethod/new/", form)
    somewhere = staff.post("/admin/shippingmethod/new/", form | {"collect_at": "Lindenweg 8"})

    assert "Say where the goods are picked up." in nowhere.content.decode()
    assert somewhere.status_code == 302
    assert ShippingMethod.objects.get().collect_at == "Lindenweg 8"


def test_rates_are_judged_dearest_basket_first_and_lightest_parcel_first(germany):
    method = ShippingMethod.objects.create(name="Parcel")
    for grams, basket in ((None, 0), (2000, 0), (500, 0), (None, 60), (1000, 60)):
        ShippingRate.objects.create(
            method=method, zone=germany, up_to_grams=grams, from_subtotal=basket, price=1
        )

    in_order = [(rate.from_subtotal, rate.up_to_grams) for rate in ShippingRate.objects.all()]

    assert in_order == [(60, 1000), (60, None), (0, 500), (0, 2000), (0, None)]
    assert list(method.rates.all()) == list(ShippingRate.objects.all())


def test_a_country_lies_in_one_zone_only(staff, germany):
    response = staff.post(
        "/admin/shippingzone/new/", {"name": "Europe", "countries": ["FR", "DE", "AT"]}
    )

    assert "Already in the zone Germany: Germany." in response.content.decode()
    assert ShippingZone.objects.get() == germany
    with pytest.raises(ValidationError):
        ShippingZone(name="Europe", countries=["DE"]).full_clean()


def test_a_zone_may_be_edited_and_keep_its_countries(staff, germany):
    response = staff.post(
        f"/admin/shippingzone/edit/{germany.pk}/", {"name": "Home", "countries": ["DE", "AT"]}
    )

    assert response.status_code == 302
    germany.refresh_from_db()
    assert (germany.name, [country.code for country in germany.countries]) == ("Home", ["AT", "DE"])
    assert "Austria, Germany" in staff.get("/admin/shippingzone/").content.decode()


def test_a_zone_that_a_rate_needs_is_not_deleted(staff, germany):
    method = ShippingMethod.objects.create(name="Parcel")
    ShippingRate.objects.create(method=method, zone=germany, price=1)

    response = staff.post(f"/admin/shippingzone/delete/{germany.pk}/", follow=True)

    assert "A shipping rate still uses it" in response.content.decode()
    assert ShippingZone.objects.exists()


def test_a_vat_rate_is_written_once_per_country_class_and_day(staff):
    form = {"country": "DE", "tax_class": "standard", "rate": "19", "valid_from": "2026-01-01"}

    assert staff.post("/admin/taxrate/new/", form).status_code == 302
    again = staff.post("/admin/taxrate/new/", form)
    silly = staff.post("/admin/taxrate/new/", form | {"rate": "100", "country": "FR"})

    assert "This country has a rate of this class from that day." in again.content.decode()
    assert "A rate lies between 0 and 100 percent." in silly.content.decode()
    assert TaxRate.objects.count() == 1
    assert staff.get("/admin/taxrate/?country=DE&tax_class=standard&o=nosuch").status_code == 200


def test_staff_are_told_above_the_vat_table_that_nothing_can_be_ordered(staff):
    enter_rates("DE", reduced="7")
    lacking = staff.get("/admin/taxrate/").content.decode()
    enter_rates("DE", standard="19")
    complete = staff.get("/admin/taxrate/").content.decode()

    assert "Germany, where the shop is, has no standard rate in force today" in lacking
    assert "Nothing can be ordered" not in complete
