"""Invoices of before, brought along."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from invoices.checking import _sums
from invoices.completeness import gaps
from invoices.issuing import issue_invoice
from invoices.models import Invoice
from invoices.tests.factories import AT, bill

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = "0001_initial"
AFTER = "0002_credit_notes_cancellations_delivery_notes"

# As the first release wrote it: 7 % on tea, 19 % on the pot and the shipping, 2.00 off.
OLD = {
    "series": "INV",
    "year": 2026,
    "order_number": "7K3Q-9XMF",
    "issued_at": AT,
    "currency": "EUR",
    "seller": {"name": "Still Leaf"},
    "billed_to": {"name": "Ada", "lines": ["Ada", "20095 Hamburg"]},
    "subtotal": Decimal("34.90"),
    "discount": Decimal("2.00"),
    "shipping": Decimal("4.90"),
    "taxes": [
        {"rate": "19.00", "net": "19.27", "tax": "3.66", "gross": "22.93"},
        {"rate": "7.00", "net": "13.90", "tax": "0.97", "gross": "14.87"},
    ],
    "total": Decimal("37.80"),
    "recipient": "ada@example.com",
    "order_url": "https://still-leaf.example/orders/secret/",
}
OLD_LINES = [("TEA", Decimal("7.00"), "15.77"), ("POT", Decimal("19.00"), "19.13")]


def migrate(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("invoices", name)])
    return executor.loader.project_state([("invoices", name)]).apps


@pytest.fixture
def before():
    yield migrate(BEFORE)
    migrate(AFTER)


def test_an_invoice_of_before_says_of_each_line_what_it_said_of_the_whole(before):
    old = before.get_model("invoices", "Invoice").objects.create(
        **OLD, sequence=1, number="INV-2026-00001", sha256="0" * 64, printed_at=AT,
        file="invoices/2026/INV-2026-00001.pdf",
    )  # fmt: skip
    for position, (sku, rate, total) in enumerate(OLD_LINES, start=1):
        before.get_model("invoices", "InvoiceLine").objects.create(
            invoice=old, position=position, sku=sku, name=sku, quantity=1,
            unit_price=total, tax_rate=rate, total=total,
        )  # fmt: skip
    before.get_model("invoices", "NumberSeries").objects.create(series="INV", year=2026, last=1)

    migrate(AFTER)

    document = Invoice.objects.get()
    assert (document.key, document.prices_include_tax) == ("order:7K3Q-9XMF", True)
    assert (document.file.name, document.sha256) == ("invoices/2026/INV-2026-00001.pdf", "0" * 64)
    assert [(line.sku, line.discount, line.tax) for line in document.lines.all()] == [
        ("TEA", Decimal("0.90"), Decimal("0.97")),
        ("POT", Decimal("1.10"), Decimal("2.88")),
    ]
    assert document.shipping_taxes == [
        {"rate": "19.00", "net": "4.120", "tax": "0.78", "gross": "4.900"},
    ]
    assert list(_sums()) == []
    assert gaps(document)
    assert issue_invoice(bill(), at=AT) == document
