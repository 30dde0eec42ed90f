"""The eight sales whose documents the law looks at, by name."""

from collections.abc import Callable
from typing import Any

from invoices.issuing import issue_credit_note, issue_invoice
from invoices.models import Invoice
from invoices.tests import factories
from invoices.tests.adding_up import Sold, bill_of, credit_of
from invoices.tests.factories import AT

HAMBURG = {
    "name": "Ada Lovelace",
    "company": "Analytical Engines GmbH",
    "street": "Kaffeestraße 7",
    "postcode": "20095",
    "city": "Hamburg",
    "country": "DE",
    "lines": ["Ada Lovelace", "Analytical Engines GmbH", "Kaffeestraße 7", "20095 Hamburg"],
    "email": "ada@example.com",
    "vat_id": "DE136695976",
}
VIENNA = {
    **HAMBURG,
    "company": "Differenzmaschinen GmbH",
    "street": "Kärntner Ring 1",
    "postcode": "1010",
    "city": "Wien",
    "country": "AT",
    "lines": ["Ada Lovelace", "Differenzmaschinen GmbH", "Kärntner Ring 1", "1010 Wien"],
    "vat_id": "ATU12345675",
}
ZURICH = {
    "name": "Grace Hopper",
    "street": "Bahnhofstrasse 1",
    "postcode": "8001",
    "city": "Zürich",
    "country": "CH",
    "lines": ["Grace Hopper", "Bahnhofstrasse 1", "8001 Zürich"],
    "email": "grace@example.com",
}


def domestic() -> Invoice:
    return _sold([Sold("Kyusu teapot", 1, "64.00")], HAMBURG, shipping="4.90")


def cross_border() -> Invoice:
    consumer = {**VIENNA, "company": "", "vat_id": ""}
    return _sold([Sold("Kyusu teapot", 3, "64.00", rate="20")], consumer, shipping="9.90")


def reverse_charge() -> Invoice:
    return _sold([Sold("Tasting course", 2, "120.00", "0", category="AE")], VIENNA, language="de")


def intra_community() -> Invoice:
    goods = [Sold("Kyusu teapot", 7, "53.78", "0", category="K")]
    return _sold(goods, VIENNA, shipping="8.32", net=True, language="de")


def export() -> Invoice:
    return _sold([Sold("Sencha", 2, "13.93", "0", category="G")], ZURICH, shipping="19.00")


def mixed_rates() -> Invoice:
    goods = [Sold("Sencha", 3, "14.90", "7"), Sold("Kyusu teapot", 1, "64.00")]
    return _sold(goods, HAMBURG, shipping="4.90")


def discounted() -> Invoice:
    goods = [
        Sold("Sencha", 3, "14.90", "7", discount="4.47"),
        Sold("Kyusu teapot", 1, "64.00", discount="6.40"),
    ]
    return _sold(goods, HAMBURG, shipping="4.90", discount_label="TEA10")


def refunded() -> Invoice:
    invoice = discounted()
    goods = [Sold("Sencha", 1, "14.90", "7", discount="1.49")]
    return issue_credit_note(invoice, credit_of("refund:12", goods, shipping="2.00"), at=AT)


def in_yen() -> Invoice:
    goods = [Sold("Sencha", 3, "1490", "10"), Sold("Kyusu", 1, "6400", "10", discount="333")]
    return _sold(goods, {**HAMBURG, "country": "JP"}, shipping="490", currency="JPY")


CASES: dict[str, Callable[[], Invoice]] = {
    case.__name__: case
    for case in (
        domestic, cross_border, reverse_charge, intra_community, export,
        mixed_rates, discounted, refunded, in_yen,
    )
}  # fmt: skip


def written(name: str) -> Invoice:
    """The document of a case, as the database holds it."""
    factories.seller()
    return Invoice.objects.get(pk=CASES[name]().pk)


def _sold(goods: list[Sold], buyer: dict[str, Any], **options: Any) -> Invoice:
    order = f"ORDER-{Invoice.objects.count() + 1}"  # an order has one invoice
    bill = bill_of(goods, order_number=order, billed_to=buyer, delivered_to=buyer, **options)
    return issue_invoice(bill, at=AT)
