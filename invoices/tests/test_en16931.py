"""The XML of the eight sales, judged by the rules that come with the standard."""

import re
from decimal import Decimal

import pytest
from lxml import etree

from invoices.completeness import gaps
from invoices.en16931 import cii_of, ubl_of
from invoices.issuing import cancel, issue_invoice
from invoices.models import Invoice
from invoices.tests import factories
from invoices.tests.adding_up import Sold, bill_of
from invoices.tests.cases import CASES, HAMBURG, VIENNA, written
from invoices.tests.factories import AT
from invoices.tests.schematron import failed_asserts

pytestmark = pytest.mark.django_db


def names(xml, element):
    """The texts of an element, wherever it stands."""
    return etree.fromstring(xml).xpath(f"//*[local-name()='{element}']/text()")


def test_every_case_keeps_every_rule_in_both_spellings(tmp_path):
    documents = {}
    for name in CASES:
        document = written(name)
        assert gaps(document) == [], name
        documents |= {f"{name}-cii": cii_of(document), f"{name}-ubl": ubl_of(document)}
    undone = cancel(written("refunded"), key="undo", reason="The bank refused it", at=AT)
    documents |= {"undone-cii": cii_of(undone), "undone-ubl": ubl_of(undone)}

    failures = failed_asserts(documents, tmp_path)

    assert len(failures) == 20
    assert {name: rules for name, rules in failures.items() if rules} == {}


def test_a_broken_document_breaks_rules(tmp_path):
    document = written("discounted")
    higher = cii_of(document).replace(b"<ram:GrandTotalAmount>", b"<ram:GrandTotalAmount>9")
    zero = ubl_of(document).replace(b"<cbc:ID>S</cbc:ID>", b"<cbc:ID>Z</cbc:ID>")

    failures = failed_asserts({"higher": higher, "zero": zero}, tmp_path)

    assert any("BR-CO-15" in rule for rule in failures["higher"])
    assert any("BR-Z-05" in rule for rule in failures["zero"])


@pytest.mark.parametrize("name", CASES)
def test_the_xml_says_the_total_that_is_printed(name):
    document = written(name)

    assert [Decimal(amount) for amount in names(cii_of(document), "GrandTotalAmount")] == [
        document.total
    ]
    assert [Decimal(amount) for amount in names(ubl_of(document), "TaxInclusiveAmount")] == [
        document.total
    ]


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("domestic", "68.90"),
        ("cross_border", "201.90"),
        ("reverse_charge", "240.00"),
        ("intra_community", "384.78"),
        ("export", "46.86"),
        ("mixed_rates", "113.60"),
        ("discounted", "102.73"),
        ("refunded", "15.41"),
        ("in_yen", "11027"),
    ],
)
def test_the_cases_are_worth_what_they_are_said_to_be(name, total):
    assert written(name).total == Decimal(total)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("reverse_charge", "VATEX-EU-AE"),
        ("intra_community", "VATEX-EU-IC"),
        ("export", "VATEX-EU-G"),
    ],
)
def test_what_is_free_of_vat_says_why(name, code):
    document = written(name)

    assert names(cii_of(document), "ExemptionReasonCode") == [code]
    assert names(ubl_of(document), "TaxExemptionReasonCode") == [code]


def test_a_credit_note_names_its_invoice_and_is_one():
    note = written("refunded")

    assert note.number == "CRN-2026-00001"
    assert names(cii_of(note), "TypeCode")[0] == "381"
    assert b"<ram:IssuerAssignedID>INV-2026-00001<" in cii_of(note)
    assert etree.fromstring(ubl_of(note)).tag.endswith("}CreditNote")
    assert names(ubl_of(note), "CreditedQuantity") == ["1"]


def test_a_cancelled_credit_note_is_owed_again():
    undone = cancel(written("refunded"), key="undo", reason="The bank refused it", at=AT)

    assert names(cii_of(undone), "TypeCode")[0] == "380"
    assert b"<ram:IssuerAssignedID>CRN-2026-00001<" in cii_of(undone)


def test_a_price_that_three_cannot_share_is_the_price_of_three():
    factories.seller()
    bill = bill_of([Sold("Tea", 3, "3.97")], billed_to=HAMBURG)  # 10.01 net
    xml = cii_of(issue_invoice(bill, at=AT))

    assert re.findall(rb"<ram:ChargeAmount>(.+?)<", xml) == [b"10.01"]
    assert re.findall(rb"<ram:BasisQuantity[^>]*>(.+?)<", xml) == [b"3"]


def test_letters_that_xml_cannot_write_are_left_out():
    factories.seller()
    buyer = {**HAMBURG, "company": "Ana\x01lytical \ufffeEngines & <Sons>"}
    xml = ubl_of(issue_invoice(bill_of([Sold("Tea", 1, "5")], billed_to=buyer), at=AT))

    assert "Analytical Engines & <Sons>" in names(xml, "RegistrationName")


def fils(**changes):
    goods = [Sold("Tea", 1, "1.505", "0", category="Z")]
    return bill_of(goods, currency="KWD", billed_to=HAMBURG, **changes)


INCOMPLETE = {
    "fils": (fils, "two decimals"),
    "no country": (
        lambda: bill_of([Sold("Tea", 1, "5")], billed_to={**HAMBURG, "country": ""}),
        "country is not known",
    ),
    "a business without VAT id": (
        lambda: bill_of(
            [Sold("Tea", 1, "5", "0", category="K")], billed_to={**VIENNA, "vat_id": ""}
        ),
        "VAT id is not known",
    ),
    "a rate without reason": (
        lambda: bill_of([Sold("Tea", 1, "5", "0")], billed_to=HAMBURG),
        "no reason",
    ),
    "sums that differ": (
        lambda: bill_of([Sold("Tea", 1, "5")], billed_to=HAMBURG, total=Decimal(6)),
        "do not add up",
    ),
}


@pytest.mark.parametrize("what", INCOMPLETE)
def test_what_cannot_be_an_einvoice_says_why(what):
    factories.seller()
    bill, why = INCOMPLETE[what]
    document = issue_invoice(bill(), at=AT)

    assert any(why in gap for gap in gaps(Invoice.objects.get(pk=document.pk)))


def test_an_incomplete_seller_is_told_what_is_missing():
    document = issue_invoice(bill_of([Sold("Tea", 1, "5")], billed_to=HAMBURG), at=AT)

    assert "The seller's details were incomplete: legal name." in gaps(document)
    assert "The seller's details were incomplete: VAT id." in gaps(document)
