from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils.translation import override

from invoices.issuing import invoice_of, issue_invoice
from invoices.models import Invoice, InvoiceLine, NumberSeries, Seller
from invoices.tests import factories
from invoices.tests.factories import AT, bill
from invoices.tests.racing import at_once

pytestmark = pytest.mark.django_db


def numbers():
    return list(Invoice.objects.order_by("number").values_list("number", flat=True))


def test_numbers_of_a_year_run_on_without_a_gap():
    for order in ("A", "B", "C"):
        issue_invoice(bill(order), at=AT)
    assert numbers() == ["INV-2026-00001", "INV-2026-00002", "INV-2026-00003"]


def test_an_order_asked_for_again_keeps_its_invoice(run_tasks):
    first = issue_invoice(bill("A"), at=AT)
    again = issue_invoice(bill("A", total=Decimal(1)), at=datetime(2027, 5, 1, tzinfo=UTC))

    assert again == first
    assert numbers() == ["INV-2026-00001"]
    assert issue_invoice(bill("B"), at=AT).number == "INV-2026-00002"


def test_a_sale_that_fails_takes_its_number_back(run_tasks):
    with transaction.atomic():
        issue_invoice(bill("A"), at=AT)
        transaction.set_rollback(True)

    assert numbers() == []
    assert issue_invoice(bill("B"), at=AT).number == "INV-2026-00001"


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "INV-2026-00001"),  # 23:59 in Berlin
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "INV-2027-00001"),  # 00:00 in Berlin
    ],
)
def test_numbers_begin_anew_with_the_shops_year(settings, moment, number):
    settings.TIME_ZONE = "Europe/Berlin"
    assert issue_invoice(bill(), at=moment).number == number


def test_the_seller_is_copied_in_the_buyers_language():
    factories.seller()
    with override("fr"):  # staff's language
        invoice = issue_invoice(bill(language="de"), at=AT)
    assert "Deutschland" in invoice.seller["lines"]


def test_an_invoice_is_a_copy_of_what_was_sold():
    factories.seller()
    invoice = issue_invoice(bill(), at=AT)
    Seller.objects.update(name="Another Ltd")

    invoice = invoice_of("7K3Q-9XMF")
    assert invoice.seller["name"] == "Still Leaf Teehandel GmbH"
    assert invoice.seller["lines"] == ["Speicherstadt 12", "20457 Hamburg", "Germany"]
    assert (invoice.total, invoice.currency) == (Decimal("117.20"), "EUR")
    assert invoice.billed_to["lines"][0] == "Ada Lovelace"
    assert invoice.taxes[0] == {
        "rate": "7.00", "net": "45.14", "tax": "3.16", "gross": "48.30", "category": "S",
    }  # fmt: skip
    assert [line.total for line in invoice.lines.all()] == [
        Decimal("29.80"),
        Decimal("18.50"),
        Decimal("64.00"),
    ]
    assert (invoice.issued_at, invoice.printed_at, invoice.due_at) == (AT, None, AT)


def test_an_order_without_an_invoice_has_none():
    assert invoice_of("7K3Q-9XMF") is None


@pytest.mark.django_db(transaction=True)
def test_twenty_salesat_once_take_twenty_numbers_in_a_row():
    invoices = at_once(20, lambda number: issue_invoice(bill(f"ORDER-{number}"), at=AT))

    assert len(invoices) == 20
    assert numbers() == [f"INV-2026-{number:05}" for number in range(1, 21)]
    assert NumberSeries.objects.get().last == 20


@pytest.mark.django_db(transaction=True)
def test_sales_that_fail_among_others_leave_no_gap():
    def sell(number):
        with transaction.atomic():
            issue_invoice(bill(f"ORDER-{number}"), at=AT)
            transaction.set_rollback(number % 2 == 0)

    at_once(20, sell)

    assert numbers() == [f"INV-2026-{number:05}" for number in range(1, 11)]


@pytest.mark.django_db(transaction=True)
def test_one_order_billed_ten_timesat_once_has_one_invoice():
    invoices = at_once(10, lambda _number: issue_invoice(bill("A"), at=AT))

    assert {invoice.number for invoice in invoices} == {"INV-2026-00001"}
    assert InvoiceLine.objects.count() == 3
