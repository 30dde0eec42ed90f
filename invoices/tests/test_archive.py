"""The file as archives and accountants' programs see it: PDF/A-3a with the e-invoice inside."""

import io
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256

import pikepdf
import pytest
import time_machine

from invoices import pdf
from invoices.en16931 import cii_of
from invoices.issuing import issue_delivery_note, issue_invoice
from invoices.models import Invoice
from invoices.tests import factories
from invoices.tests.adding_up import Sold, bill_of
from invoices.tests.cases import HAMBURG, ZURICH, written
from invoices.tests.factories import AT, bill

pytestmark = pytest.mark.django_db


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def tool(name):
    """A program of this machine; without it the test says what it misses."""
    return shutil.which(name) or pytest.skip(f"{name} is not installed")


@pytest.mark.parametrize("name", ["discounted", "refunded", "reverse_charge", "in_yen"])
def test_a_business_finds_the_einvoice_inside(name):
    document = written(name)
    with opened(pdf.render(document)) as file:
        [attached] = file.Root.AF
        names = file.Root.Names.EmbeddedFiles.Names
        assert [str(entry) for entry in names[::2]] == ["factur-x.xml"]
        assert (str(attached.AFRelationship), str(attached.UF)) == ("/Alternative", "factur-x.xml")
        assert str(attached.EF.F.Subtype) == "/text/xml"
        assert attached.EF.F.read_bytes() == cii_of(document)


def test_the_metadata_say_what_the_file_is_in_one_description():
    with opened(pdf.render(written("discounted"))) as file:
        source = file.Root.Metadata.read_bytes().decode()
        with file.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
    assert len(re.findall("<rdf:RDF", source)) == 1
    for name, value in {
        "DocumentType": "INVOICE",
        "DocumentFileName": "factur-x.xml",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }.items():
        assert f"<fx:{name}>{value}</fx:{name}>" in source
        assert f"<pdfaProperty:name>{name}</pdfaProperty:name>" in source


def test_whoever_is_no_business_gets_the_same_archive_without_attachment():
    factories.seller()
    plain = issue_invoice(bill_of([Sold("Tea", 1, "5")], billed_to=ZURICH), at=AT)
    slip = issue_delivery_note(bill(), key="shipment:1", at=AT)
    for document in (plain, slip):
        with opened(pdf.render(document)) as file:
            assert "/AF" not in file.Root
            assert dict(file.attachments) == {}
            with file.open_metadata() as metadata:
                assert metadata.pdfa_status == "3A"


def test_an_incomplete_seller_prints_a_plain_pdf():
    document = issue_invoice(bill_of([Sold("Tea", 1, "5")], billed_to=HAMBURG), at=AT)
    with opened(pdf.render(document)) as file:
        assert dict(file.attachments) == {}


def test_the_file_is_tagged_names_its_language_and_holds_its_fonts():
    with opened(pdf.render(written("reverse_charge"))) as file:
        assert str(file.Root.Lang) == "de"
        assert bool(file.Root.MarkInfo.Marked) is True
        assert "/StructTreeRoot" in file.Root
        assert [str(intent.S) for intent in file.Root.OutputIntents] == ["/GTS_PDFA1"]
        fonts = [font for page in file.pages for font in page.Resources.Font.values()]
        assert len(fonts) >= 2
        for font in fonts:
            described = font.DescendantFonts[0].FontDescriptor
            assert re.fullmatch(r"/[A-Z]{6}\+.+", str(font.BaseFont))  # a subset
            assert {"/FontFile2", "/FontFile3"} & set(described.keys())


def test_nothing_in_the_file_acts_or_points_outside():
    with opened(pdf.render(written("discounted"))) as file:
        assert {"/OpenAction", "/AA", "/AcroForm"} & set(file.Root.keys()) == set()
        assert "/JavaScript" not in file.Root.Names
        for page in file.pages:
            assert "/Annots" not in page


def test_qpdf_and_pdfinfo_find_nothing_to_object_to(tmp_path):
    path = tmp_path / "invoice.pdf"
    path.write_bytes(pdf.render(written("discounted")))

    checked = subprocess.run([tool("qpdf"), "--check", path], capture_output=True, check=False)
    told = subprocess.run([tool("pdfinfo"), path], capture_output=True, check=True, text=True)

    assert checked.returncode == 0, checked.stdout
    assert "Tagged:          yes" in told.stdout
    assert "JavaScript:      no" in told.stdout


def test_another_process_prints_the_same_bytes(tmp_path):
    content = pdf.render(written("discounted"))
    run = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "PYTHONHASHSEED": "7",
            "TZ": "Asia/Tokyo",
            "DJANGO_SETTINGS_MODULE": "storefront.settings.test",
            "DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3",
        },
        capture_output=True,
        check=True,
        text=True,
    )
    assert run.stdout.split()[-1] == sha256(content).hexdigest()


# It cannot see this test's transaction, so it sells the same thing in a database of its own.
IN_ANOTHER_PROCESS = """
import django
django.setup()
from hashlib import sha256
from django.core.management import call_command
call_command("migrate", verbosity=0)
from invoices import pdf
from invoices.tests.cases import written
print(sha256(pdf.render(written("discounted"))).hexdigest())
"""


def test_the_day_of_printing_leaves_no_trace():
    document = written("discounted")
    contents = set()
    for day in ("2026-03-14", "2027-08-01"):
        with time_machine.travel(day, tick=False):
            contents.add(pdf.render(Invoice.objects.get(pk=document.pk)))
    assert len(contents) == 1
