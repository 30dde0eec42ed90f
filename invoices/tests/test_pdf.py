import io
import os
import re
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pikepdf
import pytest
from django.contrib.staticfiles import finders

from invoices import pdf
from invoices.issuing import (
    BilledLine,
    TaxShare,
    cancel,
    issue_delivery_note,
    issue_invoice,
)
from invoices.tests import factories
from invoices.tests.adding_up import Sold, bill_of
from invoices.tests.cases import VIENNA, written
from invoices.tests.factories import AT, bill, long_bill

pytestmark = pytest.mark.django_db


@pytest.fixture
def web():
    """A server that notes who asks for what."""
    asked = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret from the web")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Noting)
    Thread(target=server.serve_forever, daemon=True).start()
    server.asked = asked
    server.address = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def printed(some_bill):
    factories.seller()
    invoice = issue_invoice(some_bill, at=AT)
    invoice.refresh_from_db()
    return invoice, pdf.render(invoice)


def words(some_bill):
    """What each page of a bill says, without blanks."""
    return pages(printed(some_bill)[1])


def pages(content):
    with pikepdf.open(io.BytesIO(content)) as document:
        return [_text(page) for page in document.pages]


def test_a_normal_order_is_one_page_with_all_that_the_law_asks_for():
    _, content = printed(bill())

    [page] = pages(content)
    for words in (
        "INV-2026-00001", "7K3Q-9XMF", "March 14, 2026",
        "Still Leaf Teehandel GmbH", "Speicherstadt 12", "DE136695976", "HRB 12345",
        "Ada Lovelace", "Analytical Engines Ltd", "20095 Hamburg",
        "Sencha Kirishima, 100 g", "TEA-SEN-100", "€14.90", "€29.80", "7 %", "19 %",
        "€112.30", "€4.90", "€117.20", "€45.14", "€3.16", "€48.30", "€57.90", "€11.00", "€68.90",
        "Paid by card", "Please keep this invoice", "page 1 of 1",
    ):  # fmt: skip
        assert words.replace(" ", "") in page, words


def test_an_invoice_says_when_the_money_came_and_nothing_of_goods_that_have_not_left():
    [page] = words(bill(paid_at=AT - timedelta(days=3)))

    assert "Paymentreceived" in page
    assert "March11,2026" in page
    assert "Delivery" not in page


def test_a_long_invoice_repeats_its_header_and_numbers_its_pages():
    _, content = printed(long_bill(60))

    texts = pages(content)
    assert len(texts) >= 4
    for number, text in enumerate(texts, start=1):
        assert f"page{number}of{len(texts)}" in text
        assert "HRB12345" in text
    for text in texts[:-1]:
        assert "Unitprice" in text
    for text in texts[1:]:
        assert "StillLeaf·InvoiceINV-2026-00001" in text
    everything = "".join(texts)
    for number in range(1, 61):
        assert f"TEA-{number:03}" in everything
    # The sums are not torn from the payment line.
    assert "€642.00" in texts[-1]
    assert "Paidbycard" in texts[-1]


def test_a_discount_and_another_delivery_address_are_printed():
    elsewhere = {"name": "Charles Babbage", "lines": ["Differenzgasse 1", "1010 Wien"]}
    goods = [Sold("Sencha", 2, "14.90", "7", discount="2.98"), Sold("Kyusu", 1, "64.00")]
    [page] = words(bill_of(goods, discount_label="TEA10", delivered_to=elsewhere))

    assert "DiscountTEA10-€2.98" in page
    assert "Total€90.82" in page
    assert "Deliveredto:CharlesBabbage,Differenzgasse1,1010Wien" in page


def test_each_rate_says_what_of_it_is_shipping():
    goods = [Sold("Sencha", 2, "14.90", "7"), Sold("Kyusu", 1, "64.00")]
    [page] = words(bill_of(goods, shipping="4.90"))

    assert "19%€56.59€10.75€67.34ofwhichshipping€2.80€0.54€3.34" in page
    assert "7%€29.31€2.05€31.36ofwhichshipping€1.45€0.11€1.56" in page


def test_net_prices_are_called_net_and_vat_comes_on_top():
    [page] = words(bill_of([Sold("Kyusu", 2, "50.00")], net=True))

    assert "Unitprice,net" in page
    assert "Net€100.00VAT19%€19.00Total€119.00" in page
    assert "VATincluded" not in page


@pytest.mark.parametrize(
    ("category", "sentence"),
    [
        ("AE", "Reversecharge:VATisowedbytherecipient(Art.196VATDirective)."),
        ("K", "Tax-freeintra-communitysupply(Art.138VATDirective)."),
        ("G", "Tax-freeexport(Art.146VATDirective)."),
        ("E", "ExemptfromVAT."),
    ],
)
def test_what_is_free_of_vat_says_why_and_names_the_buyers_vat_id(category, sentence):
    [page] = words(bill_of([Sold("Kyusu", 1, "50.00", "0", category=category)], billed_to=VIENNA))

    assert sentence in page
    assert "YourVATid" in page
    assert "ATU12345675" in page


def test_a_credit_note_names_its_invoice_and_the_reason():
    [page] = pages(pdf.render(written("refunded")))

    assert page.startswith("Creditnote")
    assert "CRN-2026-00001" in page
    assert "ThiscorrectsinvoiceINV-2026-00001ofMarch14,2026." in page
    assert "Reason:Returnedwithinthetimeallowed" in page
    assert "Totalcredited€15.41" in page
    assert "Pleasekeepthisinvoice" not in page


def test_a_cancellation_names_what_it_undoes():
    note = written("refunded")
    undone = cancel(note, key="undo", reason="The bank refused it", at=AT)
    [page] = pages(pdf.render(undone))

    assert "ThiscancelscreditnoteCRN-2026-00001ofMarch14,2026:nothingwaspaidback." in page
    assert "Totalcancelled€15.41" in page


def test_a_delivery_note_goes_to_who_unpacks_it_and_says_no_price():
    factories.seller()
    elsewhere = {"name": "Charles Babbage", "lines": ["Differenzgasse 1", "1010 Wien"]}
    slip = issue_delivery_note(bill(delivered_to=elsewhere), key="shipment:1", at=AT)
    [page] = pages(pdf.render(slip))

    assert page.startswith("Deliverynote")
    assert "DN-2026-00001" in page
    assert "CharlesBabbage" in page
    assert "SenchaKirishima,100gTEA-SEN-1002" in page
    for price in ("€", "VAT%", "Unitprice", "Paidbycard"):
        assert price not in page


def test_german_documents_speak_german():
    [page] = pages(pdf.render(written("reverse_charge")))

    for said in (
        "RechnungNr.",
        "14.März2026",
        "Bestellnummer",
        "IhreUSt-IdNr.",
        "Einzelpreis",
        "240,00€",
        "SteuerschuldnerschaftdesLeistungsempfängers",
        "Seite1von1",
    ):
        assert said in page, said
    for english in ("Invoice", "Date", "Quantity", "Goods", "page1", "VAT"):
        assert english not in page, english


@pytest.mark.parametrize(("currency", "words"), [("JPY", "¥1,000"), ("KWD", "KWD1.500")])
def test_a_currency_keeps_its_own_smallest_coin(currency, words):
    amount = Decimal("1000") if currency == "JPY" else Decimal("1.5")
    line = BilledLine("A", "Tea", 1, amount, Decimal("0.00"), amount)
    share = TaxShare(Decimal(0), amount, Decimal(0), amount)
    _, content = printed(
        bill(
            currency=currency, lines=[line], taxes=[share],
            subtotal=amount, shipping=Decimal(0), total=amount,
        )
    )  # fmt: skip
    assert words in pages(content)[0].replace("\u00a0", "")


def test_two_printings_are_the_same_to_the_byte():
    invoice, content = printed(bill())
    assert pdf.render(invoice) == content
    pdf._style.cache_clear()
    assert pdf.render(invoice) == content


def test_the_file_carries_its_number_its_date_and_only_the_letters_it_uses():
    _, content = printed(bill())
    with pikepdf.open(io.BytesIO(content)) as document:
        assert str(document.docinfo["/Title"]) == "Invoice INV-2026-00001"
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260314102600")
        assert str(document.Root["/Lang"]) == "en"
        fonts = {str(font) for page in document.pages for font in _font_names(page)}
    assert fonts
    assert all("+" in name for name in fonts)
    assert len(content) < 100_000


MARKUP = [
    '<link rel="attachment" href="{file}">',
    '<link rel=attachment href="{web}/attached">',
    '<link rel="stylesheet" href="{web}/style.css">',
    '<img src="{web}/picture.png">',
    '<img src="{file}">',
    "<style>@import url({web}/imported.css); body {{ background: url({web}/back.png) }}</style>",
    '<p style="background: url({file})">x</p>',
    '<object data="{file}"></object><embed src="{web}/embedded">',
    '<svg><image href="{web}/svg.png"/></svg>',
    '<base href="{web}/"><img src="relative.png">',
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_in_a_name_is_printed_and_fetches_nothing(web, tmp_path, markup):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret from the disk")
    typed = markup.format(web=web.address, file=secret.as_uri())
    address = {"name": typed, "lines": [typed], "email": "a@b.de"}
    line = BilledLine("A", typed, 1, Decimal(1), Decimal("7.00"), Decimal(1))

    _, content = printed(
        bill(lines=[line], billed_to=address, payment=typed, shipping_method=typed[:120])
    )

    assert web.asked == []
    assert "".join(typed.split())[:20] in "".join(pages(content))
    assert "secretfrom" not in "".join(pages(content))
    with pikepdf.open(io.BytesIO(content)) as document:
        assert dict(document.attachments) == {}


@pytest.mark.parametrize("markup", MARKUP)
def test_even_unescaped_markup_fetches_nothing(web, tmp_path, markup, monkeypatch):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret from the disk")
    typed = markup.format(web=web.address, file=secret.as_uri())
    monkeypatch.setattr(pdf, "markup", lambda invoice: f"<html><body><p>x</p>{typed}</body>")

    _, content = printed(bill())

    assert web.asked == []
    with pikepdf.open(io.BytesIO(content)) as document:
        assert dict(document.attachments) == {}
    assert b"secret from the disk" not in content


def test_a_fault_that_would_end_the_worker_is_an_error_like_any_other(monkeypatch):
    def fatal(*args, **options):
        raise pdf.FatalURLFetchingError

    monkeypatch.setattr(pdf.HTML, "write_pdf", fatal)
    with pytest.raises(pdf.Unprintable):
        printed(bill())


def test_a_shop_without_logo_and_print_fonts_still_prints(settings):
    pdf._style.cache_clear()
    pdf._data_url.cache_clear()
    settings.STATICFILES_DIRS = []
    finders.get_finder.cache_clear()
    try:
        [page] = pages(printed(bill())[1])
        assert "INV-2026-00001" in page
    finally:
        for cached in (pdf._style, pdf._data_url, finders.get_finder):
            cached.cache_clear()


def test_the_web_does_not_load_the_printing_machine():
    code = (
        "import django; django.setup();"
        "import invoices.issuing, invoices.tasks, invoices.staff, invoices.downloads, sys;"
        "sys.exit(bool({'weasyprint', 'facturx'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], env=_environment(), check=False)
    assert run.returncode == 0


def _environment():
    path = os.pathsep.join(filter(None, sys.path))
    return {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "storefront.settings.test"}


def _font_names(page):
    for font in page.Resources.Font.values():
        yield font.BaseFont


def _text(page):
    """The letters of a page in the order they were set, without blanks."""
    letters = []
    maps = {name: _letters(font) for name, font in page.Resources.Font.items()}
    current = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                current = maps[str(operands[0])]
            case "Tj":
                letters.append(_decoded(bytes(operands[0]), current))
            case "TJ":
                for part in operands[0]:
                    if isinstance(part, pikepdf.String):
                        letters.append(_decoded(bytes(part), current))
    return "".join("".join(letters).split())


def _decoded(content, letters):
    codes = (content[start : start + 2] for start in range(0, len(content), 2))
    return "".join(letters.get(int.from_bytes(code, "big"), "") for code in codes)


def _letters(font):
    """Which letters a font's glyph numbers stand for, from its ToUnicode table."""
    pairs = re.findall(r"^<(\w{4})> <(\w+)>$", font.ToUnicode.read_bytes().decode(), re.MULTILINE)
    return {int(code, 16): bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}
