"""Bills for tests. Figures agree with each other to the cent."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from invoices.issuing import Bill, BilledLine, TaxShare
from invoices.models import Seller

AT = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)

ADDRESS = {
    "name": "Ada Lovelace",
    "lines": [
        "Ada Lovelace",
        "Analytical Engines Ltd",
        "Kaffeestraße 7",
        "20095 Hamburg",
        "Germany",
    ],
    "email": "ada@example.com",
}

LINES = [
    BilledLine(
        "TEA-SEN-100",
        "Sencha Kirishima, 100 g",
        2,
        Decimal("14.90"),
        Decimal("7.00"),
        Decimal("29.80"),
        tax=Decimal("1.95"),
    ),
    BilledLine(
        "TEA-ASM-250",
        "Assam Mangalam Second Flush, 250 g",
        1,
        Decimal("18.50"),
        Decimal("7.00"),
        Decimal("18.50"),
        tax=Decimal("1.21"),
    ),
    BilledLine(
        "POT-KYU-GRN",
        "Kyusu teapot, moss green",
        1,
        Decimal("64.00"),
        Decimal("19.00"),
        Decimal("64.00"),
        tax=Decimal("10.22"),
    ),
]

TAXES = [
    TaxShare(Decimal("7.00"), Decimal("45.14"), Decimal("3.16"), Decimal("48.30")),
    TaxShare(Decimal("19.00"), Decimal("57.90"), Decimal("11.00"), Decimal("68.90")),
]

SHIPPING_TAXES = [
    TaxShare(Decimal("19.00"), Decimal("4.12"), Decimal("0.78"), Decimal("4.90")),
]


def bill(order_number: str = "7K3Q-9XMF", **changes: Any) -> Bill:
    """A bill of €117.20 in two VAT rates."""
    usual = Bill(
        order_number=order_number,
        currency="EUR",
        billed_to=ADDRESS,
        delivered_to=ADDRESS,
        lines=LINES,
        taxes=TAXES,
        subtotal=Decimal("112.30"),
        shipping=Decimal("4.90"),
        shipping_method="Parcel, 2–3 days",
        shipping_taxes=SHIPPING_TAXES,
        total=Decimal("117.20"),
        payment="Paid by card (Visa ···· 4242) on 14 March 2026.",
        recipient="ada@example.com",
        order_url="https://still-leaf.example/orders/secret/",
    )
    return replace(usual, **changes)


def long_bill(count: int = 60) -> Bill:
    """A bill of many lines, for more than one page."""
    lines = [
        BilledLine(
            f"TEA-{number:03}",
            f"Tea of the day, number {number}",
            1,
            Decimal("10.70"),
            Decimal("7.00"),
            Decimal("10.70"),
            tax=Decimal("0.70"),
        )
        for number in range(1, count + 1)
    ]
    total = Decimal("10.70") * count
    return bill(
        lines=lines,
        taxes=[TaxShare(Decimal("7.00"), 10 * Decimal(count), Decimal("0.70") * count, total)],
        subtotal=total,
        shipping=Decimal(0),
        shipping_taxes=(),
        total=total,
    )


def seller() -> Seller:
    """The shop's own particulars, all of them."""
    setting = Seller.load()
    particulars = {
        "name": "Still Leaf Teehandel GmbH",
        "street": "Speicherstadt 12",
        "postcode": "20457",
        "city": "Hamburg",
        "country": "DE",
        "email": "hello@still-leaf.example",
        "phone": "+49 40 1234567",
        "vat_id": "DE136695976",
        "register_entry": "Amtsgericht Hamburg, HRB 12345",
        "iban": "DE02 1203 0000 0000 2020 51",
        "invoice_note": "Thank you for your order. Please keep this invoice for your records.",
    }
    for name, value in particulars.items():
        setattr(setting, name, value)
    setting.save()
    return setting
