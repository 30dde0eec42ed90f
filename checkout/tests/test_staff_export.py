"""The export holds what the list shows, and no spreadsheet runs what a shopper typed."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from checkout.models import Refund
from checkout.staff.export import file_name
from checkout.tests.factories import make_attempt, make_order
from invoices.models import Invoice
from products.spreadsheets import harmless

pytestmark = pytest.mark.django_db

LIST = "/admin/orders/"
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@pytest.fixture
def staff(client):
    user = User.objects.create_user("mia")
    user.groups.add(Group.objects.get(name="Shop staff"))
    client.force_login(user)
    return client


def rows_of_csv(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(text.splitlines(keepends=True)))


def sheet_of_xlsx(response):
    return load_workbook(BytesIO(b"".join(response.streaming_content))).active


def cells_of_xlsx(response) -> list[dict]:
    head, *rows = sheet_of_xlsx(response).iter_rows()
    names = [cell.value for cell in head]
    return [dict(zip(names, row, strict=True)) for row in rows]


def make_full_order():
    order = make_order(
        number="7K3Q-9XMF", status="paid", name="Grace Hopper", email="grace@example.com",
        country="FR", skus=[("TEA-100", 2, "12.50"), ("POT-1", 1, "40.00")], placed_at=NOON,
        discount="5.00", shipping="4.90",
        address={"company": "Compilers Ltd", "extra": "2nd floor", "postcode": "01067"},
    )  # fmt: skip
    Invoice.objects.create(
        series="INV", year=2026, sequence=7, number="INV-2026-00007", order_number=order.number,
        issued_at=NOON, currency="EUR", seller={}, billed_to={}, subtotal=1, total=1,
        recipient=order.email, order_url="https://shop.example.com/orders/x/",
    )  # fmt: skip


def test_the_csv_tells_all_about_an_order_in_one_row(staff):
    make_full_order()

    response = staff.get(f"{LIST}?export=csv")

    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert rows_of_csv(response) == [
        {
            "Number": "7K3Q-9XMF",
            "Placed": "2026-11-20T12:00:00+01:00",
            "Paid": "2026-11-20T12:02:00+01:00",
            "State": "Paid",
            "On hold": "",
            "E-mail": "grace@example.com",
            "Name": "Grace Hopper",
            "Company": "Compilers Ltd",
            "Street": "Lindenstraße 12, 2nd floor",
            "Postcode": "01067",
            "Town": "Berlin",
            "Country": "FR",
            "Currency": "EUR",
            "Goods": "65.00",
            "Discount": "5.00",
            "Coupon": "",
            "Shipping method": "Parcel",
            "Shipping": "4.90",
            "Net": "54.54",
            "VAT": "10.36",
            "Total": "64.90",
            "Given back": "0.00",
            "VAT by rate": "19.00 %: 10.36",
            "VAT treatment": "VAT of the shop's country",
            "VAT id": "",
            "Invoice": "INV-2026-00007",
            "Items": "TEA-100×2; POT-1×1",
        }
    ]


def test_an_invoice_that_was_cancelled_is_not_the_orders(staff):
    make_full_order()
    Invoice.objects.update(cancelled_at=NOON)

    (row,) = rows_of_csv(staff.get(f"{LIST}?export=csv"))

    assert row["Invoice"] == ""


def test_the_xlsx_holds_real_numbers_and_dates(staff):
    make_full_order()

    response = staff.get(f"{LIST}?export=xlsx")

    assert response["Content-Disposition"].endswith('.xlsx"')
    (row,) = cells_of_xlsx(response)
    assert row["Placed"].value == datetime(2026, 11, 20, 12, 0)  # noqa: DTZ001, as a sheet has it
    assert Decimal(str(row["Total"].value)) == Decimal("64.90")
    assert row["Total"].data_type == "n"
    assert row["Total"].number_format == "0.00"
    assert row["Postcode"].value == "01067"
    assert row["Items"].value == "TEA-100×2; POT-1×1"


def test_what_was_given_back_stands_beside_the_total(staff):
    order = make_order(status="paid", skus=[("TEA-100", 2, "12.50")])
    payment = order.attempts.get()
    paid_twice = make_attempt(order, state="paid")
    for attempt, state, amount in (
        (payment, "succeeded", "3.10"),
        (payment, "succeeded", "2"),
        (payment, "failed", "9"),
        (payment, "owed", "1"),
        (paid_twice, "succeeded", "29.90"),
    ):
        Refund.objects.create(
            order=order, attempt=attempt, state=state, currency="EUR", created_at=NOON,
            amount=Decimal(amount), amount_minor=int(Decimal(amount) * 100),
        )  # fmt: skip

    (row,) = rows_of_csv(staff.get(f"{LIST}?export=csv"))

    assert row["Given back"] == "5.10"


def test_nothing_is_exported_as_zero_and_not_as_a_dash(staff):
    make_order(skus=[("FREE", 1, "0.00")], shipping="0.00", country="JP", currency="JPY")
    make_order(skus=[("FREE", 1, "0.00")], shipping="0.00")

    in_euro, in_yen = rows_of_csv(staff.get(f"{LIST}?export=csv"))
    cells = cells_of_xlsx(staff.get(f"{LIST}?export=xlsx"))

    assert {in_euro[name] for name in ("Goods", "Discount", "VAT", "Total")} == {"0.00"}
    assert in_yen["Total"] == "0"
    assert [(row["Total"].value, row["Total"].number_format) for row in cells] == [
        (0, "0.00"), (0, "0"),
    ]  # fmt: skip


DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1+1", "\u00a0=1+1", "\u3000=1+1",
    "\u200b=1+1", "\ufeff=1+1", "\t =1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "=cmd|' /C calc'!A0",
    "\x01=1+1", "#N/A", "=HYPERLINK(\"http://x\",\"y\")",
]  # fmt: skip


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_shoppers_text_never_becomes_a_formula(staff, text):
    make_order(name=text, address={"company": text, "city": text})

    (row,) = rows_of_csv(staff.get(f"{LIST}?export=csv"))
    (cells,) = cells_of_xlsx(staff.get(f"{LIST}?export=xlsx"))

    assert row["Name"] == (text if text == "#N/A" else f"'{text}")
    assert row["Company"] == row["Town"] == row["Name"]
    assert cells["Name"].data_type in ("s", "inlineStr")


def test_harmless_words_stay_as_they_are():
    for text in ("", "Ada", "a=b", "O'Neill", "1-2", "Lindenstraße 12", "٣", "#N/A"):
        assert harmless(text) == text


@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_what_a_cell_cannot_hold_breaks_no_export(staff, export):
    make_order(
        name='Quo"te, comma; semi\nline', address={"company": "bell\x07 \x0b\x1f", "city": "🍵"}
    )

    response = staff.get(f"{LIST}?export={export}")

    rows = rows_of_csv(response) if export == "csv" else cells_of_xlsx(response)
    name = rows[0]["Name"] if export == "csv" else rows[0]["Name"].value
    assert name == 'Quo"te, comma; semi\nline'


@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_the_export_holds_what_is_filtered(staff, export):
    make_order(number="paid", status="paid")
    make_order(number="placed")

    response = staff.get(f"{LIST}?status=paid&q=tea&export={export}")

    rows = rows_of_csv(response) if export == "csv" else cells_of_xlsx(response)
    assert len(rows) == 1


def test_the_links_to_the_export_carry_the_filter(staff):
    make_order(status="paid")

    text = staff.get(f"{LIST}?status=paid&q=tea").content.decode()

    assert 'href="?export=csv&amp;q=tea&amp;status=paid"' in text


@pytest.mark.parametrize("export", ["csv", "xlsx"])
def test_an_export_of_forty_costs_the_queries_of_one(staff, export):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            b"".join(staff.get(f"{LIST}?export={export}").streaming_content)
        return len([query for query in asked if "checkout_" in query["sql"]])

    make_order(status="paid")
    for_one = queries()
    for _ in range(39):
        make_order(skus=[("A", 1, "5.00"), ("B", 1, "5.00")])

    assert queries() == for_one == 2


def test_the_export_needs_a_permission_of_its_own(client):
    looker = User.objects.create_user("looker")
    for codename in ("access_admin", "view_order", "change_order"):
        looker.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(looker)
    make_order()

    assert client.get(LIST).status_code == 200
    assert "export=" not in client.get(LIST).content.decode()
    for export in ("csv", "xlsx", "", "pdf"):
        assert client.get(f"{LIST}?export={export}").status_code == 403


def test_to_export_takes_seeing_orders_too(client):
    exporter = User.objects.create_user("exporter")
    for codename in ("access_admin", "export_order"):
        exporter.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(exporter)

    assert client.get(f"{LIST}?export=csv").status_code == 302
    assert client.get(LIST).status_code == 302


def test_the_file_is_called_after_its_days(staff):
    today = date(2026, 11, 21)

    assert file_name(date(2026, 11, 1), date(2026, 11, 30), today=today) == "orders-2026-11"
    assert file_name(date(2026, 10, 1), None, today=today) == "orders-2026-10-01-2026-11-21"
    assert file_name(date(2026, 9, 9), date(2026, 10, 9), today=today) == (
        "orders-2026-09-09-2026-10-09"
    )
    assert file_name(None, None, today=today) == "orders-until-2026-11-21"
    assert file_name(None, date(2026, 10, 9), today=today) == "orders-until-2026-10-09"
    response = staff.get(f"{LIST}?placed_from=2026-11-01&placed_to=2026-11-30&export=csv")
    assert response["Content-Disposition"] == 'attachment; filename="orders-2026-11.csv"'
