"""A shop that cannot be right where it sells from is told so before its accountant is."""

from datetime import date

import pytest
from django.utils import timezone

from checkout.auditing import shop_country
from checkout.models import TaxRate
from checkout.tests.buying import enter_rates
from invoices.models import Seller

pytestmark = pytest.mark.django_db

NO_RATE = "the shop's country has a standard rate"
ELSEWHERE = "the seller is at home where goods leave"


def found() -> list[str]:
    return [breach.invariant for breach in shop_country.breaches(at=timezone.now())]


def test_the_shops_country_has_a_standard_rate():
    Seller.objects.create(name="Still Leaf", country="DE")
    enter_rates("DE", reduced="7")
    enter_rates("FR", standard="20")
    assert found() == [NO_RATE]

    enter_rates("DE", standard="19")
    assert found() == []

    TaxRate.objects.update(valid_from=date(2999, 1, 1))
    assert found() == [NO_RATE]


@pytest.mark.parametrize(
    ("country", "vat_id", "home", "breaches"),
    [
        ("DE", "", "DE", []),
        ("DE", "", "AT", [ELSEWHERE]),
        ("DE", "DE123456788", "AT", [ELSEWHERE]),
        ("CH", "DE 123456788", "DE", []),  # registered where goods leave
        ("CH", "EL094259216", "GR", []),
    ],
)
def test_the_seller_is_at_home_where_goods_leave(settings, country, vat_id, home, breaches):
    settings.SHOP_COUNTRY = home
    enter_rates(home, standard="20")
    Seller.objects.create(name="Still Leaf", country=country, vat_id=vat_id)

    assert found() == breaches
