"""Whose VAT holds: by country, postcode, VAT id and day."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.models import Order, TaxRate
from checkout.tax import taxation, territory, vat_ids
from checkout.tax.taxation import Destination
from invoices.models import Seller

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
T = Order.TaxTreatment


@pytest.fixture
def seller(db):
    return Seller.objects.create(name="Still Leaf", country="DE", vat_id="DE123456788")


@pytest.mark.parametrize(
    ("home", "to", "expected"),
    [
        ("DE", Destination("DE", "10969"), T.DOMESTIC),
        ("DE", Destination("DE", "10969", "FR40303265045"), T.DOMESTIC),
        ("DE", Destination("FR", "75001"), T.DESTINATION),
        ("DE", Destination("MC", "98000"), T.DESTINATION),
        ("DE", Destination("GB", "BT1 5GS"), T.DESTINATION),
        ("DE", Destination("FR", "75001", "FR40303265045"), T.INTRA_COMMUNITY),
        ("DE", Destination("FR", "75001", "ATU57194903"), T.INTRA_COMMUNITY),
        ("DE", Destination("FR", "75001", "DE136695976"), T.DOMESTIC),
        ("DE", Destination("GR", "10431", "EL094259216"), T.INTRA_COMMUNITY),
        ("GR", Destination("DE", "10969", "EL094259216"), T.DOMESTIC),
        ("DE", Destination("GB", "BT1 5GS", "XI432525179"), T.INTRA_COMMUNITY),
        ("DE", Destination("CH", "8001"), T.EXPORT),
        ("DE", Destination("CH", "8001", "FR40303265045"), T.EXPORT),
        ("DE", Destination("GB", "SW1A 1AA"), T.EXPORT),
        ("DE", Destination("AX", "22100"), T.EXPORT),
        ("FR", Destination("MC", "98000"), T.DOMESTIC),
        ("CH", Destination("CH", "8001"), T.DOMESTIC),
        ("CH", Destination("DE", "10969", "DE136695976"), T.EXPORT),
        ("GB", Destination("GB", "BT1 5GS"), T.DOMESTIC),
    ],
)
def test_the_treatment_follows_from_where_and_to_whom(seller, home, to, expected):
    assert taxation.treatment(home, to, on=TODAY) == expected


@pytest.mark.parametrize(
    ("country", "postcode"),
    [
        ("ES", "35001"), ("ES", "38 400"), ("ES", "51001"), ("ES", "52006"), ("FI", "22100"),
        ("DE", "78266"), ("DE", "27498"), ("IT", "23041"), ("IT", "22061"), ("GR", "630 86"),
        ("FR", "97110"), ("FR", "98800"),
    ],
)  # fmt: skip
def test_territories_outside_the_vat_area_are_exports(country, postcode):
    assert territory.vat_state(country, postcode, on=TODAY) is None


@pytest.mark.parametrize(
    ("country", "postcode", "state"),
    [
        ("ES", "07001", "ES"), ("ES", "28035", "ES"), ("FR", "98000", "FR"), ("FI", "00100", "FI"),
        ("DE", "27499", "DE"), ("IT", "23030", "IT"), ("PT", "9000-001", "PT"), ("DE", "", "DE"),
    ],
)  # fmt: skip
def test_islands_and_neighbours_inside_it_are_not(country, postcode, state):
    assert territory.vat_state(country, postcode, on=TODAY) == state


def test_membership_has_days():
    assert territory.vat_state("GB", "SW1A 1AA", on=date(2020, 12, 31)) == "GB"
    assert territory.vat_state("GB", "SW1A 1AA", on=date(2021, 1, 1)) is None
    assert territory.vat_state("HR", "10000", on=date(2013, 6, 30)) is None
    assert territory.vat_state("HR", "10000", on=date(2013, 7, 1)) == "HR"


def test_a_seller_without_a_vat_id_charges_businesses_the_vat_of_home(seller):
    Seller.objects.update(vat_id="")

    to = Destination("FR", "75001", "FR40303265045")

    assert taxation.treatment("DE", to, on=TODAY) == T.DOMESTIC


def test_a_business_registered_at_home_bears_the_rates_of_home_abroad_too(seller):
    rate("DE", "standard", "19")
    rate("FR", "standard", "20")

    rules = taxation.rules(Destination("FR", "75001", "DE136695976"), ["standard"], at=AT)

    assert (rules.treatment, rules.rates["standard"].percent) == (T.DOMESTIC, 19)


def rate(country: str, tax_class: str, percent: str, since: date = date(2021, 1, 1)) -> None:
    TaxRate.objects.create(country=country, tax_class=tax_class, rate=percent, valid_from=since)


def test_rates_hold_from_their_day_on(seller):
    rate("FR", "standard", "20")
    rate("FR", "standard", "21", date(2026, 11, 21))

    # Half past eleven at night in London is the next day in Berlin.
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)

    to = Destination("FR", "75001")
    assert taxation.rules(to, ["standard"], at=AT).rates["standard"].percent == 20
    assert taxation.rules(to, ["standard"], at=late).rates["standard"].percent == 21


def test_a_class_without_a_rate_bears_the_standard_rate_and_class_zero_none(seller):
    rate("DK", "standard", "25")

    rules = taxation.rules(Destination("DK", "1050"), ["reduced", "zero"], at=AT)

    assert (rules.rates["reduced"].percent, rules.rates["reduced"].category) == (25, "S")
    assert (rules.rates["zero"].percent, rules.rates["zero"].category) == (0, "Z")


def test_a_member_state_without_rates_is_taxed_at_home(seller):
    rate("DE", "standard", "19")

    rules = taxation.rules(Destination("FR", "75001"), ["standard"], at=AT)

    assert rules.treatment == T.DOMESTIC
    assert rules.rates["standard"].percent == Decimal(19)


TOMORROW = date(2026, 11, 21)


@pytest.mark.parametrize("to", [Destination("DE"), Destination("FR"), Destination("CH")])
@pytest.mark.parametrize("begins", [None, TOMORROW])
def test_without_a_rate_in_force_at_home_it_is_not_known_what_a_price_contains(seller, begins, to):
    rate("FR", "standard", "20")
    if begins:
        rate("DE", "standard", "19", begins)

    rules = taxation.rules(to, ["standard", "reduced", "zero"], at=AT)

    assert rules.lacking == {"standard", "reduced"}


def test_a_class_with_a_rate_of_its_own_needs_no_standard_rate(seller):
    rate("DE", "reduced", "7")

    assert taxation.rules(Destination("DE"), ["reduced"], at=AT).lacking == set()


def test_a_rate_of_nothing_is_a_rate(seller):
    rate("DE", "standard", "0")

    rules = taxation.rules(Destination("DE"), ["standard"], at=AT)

    assert (rules.lacking, rules.rates["standard"].category) == (set(), "Z")


def test_a_member_state_with_some_rates_lacks_those_that_do_not_follow(seller):
    rate("DE", "standard", "19")
    rate("FR", "reduced", "5.5")

    rules = taxation.rules(Destination("FR", "75001"), ["standard", "reduced"], at=AT)

    assert (rules.treatment, rules.lacking) == (T.DESTINATION, {"standard"})


def test_northern_ireland_has_the_rates_of_the_united_kingdom(seller):
    rate("GB", "standard", "20")

    rules = taxation.rules(Destination("GB", "BT1 5GS"), ["standard"], at=AT)

    assert (rules.treatment, rules.rates["standard"].percent) == (T.DESTINATION, 20)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("de 136 695 976", "DE136695976"),
        ("FR 40 303 265 045", "FR40303265045"),
        ("BE 697.449.992", "BE0697449992"),
        ("GR 094259216", "EL094259216"),
        ("EL094259216", "EL094259216"),
        ("XI 432 5251 79", "XI432525179"),
    ],
)
def test_a_vat_id_is_read_however_it_is_spaced(typed, normal):
    assert vat_ids.normalised(typed) == normal


@pytest.mark.parametrize(
    "typed",
    ["", "DE", "DE136695975", "136695976", "GB432525179", "EU372022452", "IM3720000224",
     "CHE-100.155.212", "XX123", "DE١٣٦٦٩٥٩٧٦", "DE136695976\0", "<script>", "D" * 40],
)  # fmt: skip
def test_what_is_no_vat_id_of_a_member_state_is_refused(typed):
    with pytest.raises(vat_ids.NoVatId):
        vat_ids.normalised(typed)


@given(st.text(max_size=20) | st.from_regex(r"\A[A-Z]{2}[0-9A-Z.\- ]{0,14}\Z"))
def test_nothing_that_can_be_typed_breaks_the_reader(text):
    with suppress(vat_ids.NoVatId):
        assert vat_ids.state(vat_ids.normalised(text)) in {*territory.MEMBERS, "XI"}
