"""Documents as PDF/A-3a.

The only module that knows WeasyPrint; workers import it, the web never.
"""

import base64
import logging
from datetime import datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from .completeness import gaps, is_for_business
from .embedding import FILE_NAME, embed
from .en16931 import cii_of
from .models import Invoice
from .printed import as_printed

# An invoice prints what strangers typed: nothing in it may read a file or open a connection.
FETCHER = URLFetcher(allowed_protocols={"data"})

FONTS = (  # family, weight, file
    ("Newsreader", 500, "fonts/print/newsreader-500.ttf"),
    ("Source Sans", 400, "fonts/print/source-sans-400.ttf"),
    ("Source Sans", 600, "fonts/print/source-sans-600.ttf"),
)

# It reports every step of every page.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
logging.getLogger("fontTools").setLevel(logging.WARNING)


class Unprintable(Exception):
    """The document could not be laid out."""


def render(invoice: Invoice) -> bytes:
    """The PDF of a document: of the same document always the same bytes. Raises Unprintable.

    A business finds the e-invoice inside, if there can be one.
    """
    with translation.override(invoice.language):
        if is_for_business(invoice) and not gaps(invoice):
            attachment = _attachment(cii_of(invoice), invoice)
            return paint(markup(invoice), invoice, attachments=[attachment], finisher=embed)
        return paint(markup(invoice), invoice)


def markup(invoice: Invoice) -> str:
    """The document as HTML, in today's language."""
    return render_to_string(
        "invoices/invoice.html",
        {
            **as_printed(invoice),
            "logo": _data_url("img/logo.png", "image/png"),
            "written": _local(invoice.issued_at).isoformat(timespec="seconds"),
        },
    )


def paint(html: str, invoice: Invoice, **options: Any) -> bytes:
    """`html` as a PDF: tagged, archivable, with nothing fetched. Raises Unprintable."""
    sheet, fonts = _style()
    page = HTML(string=html, base_url=None, url_fetcher=FETCHER)
    try:
        return page.write_pdf(
            stylesheets=[sheet],
            font_config=fonts,
            pdf_identifier=sha256(invoice.number.encode()).digest()[:16],
            pdf_variant="pdf/a-3a",
            **options,
        )
    except FatalURLFetchingError as error:  # a BaseException: it would end the worker
        raise Unprintable(str(error)) from error


def _attachment(xml: bytes, invoice: Invoice) -> Attachment:
    return Attachment(
        file_obj=BytesIO(xml),
        name=FILE_NAME,
        description=f"Factur-X {invoice.number}",
        created=invoice.issued_at,  # the day of the document, not of its printing
        modified=invoice.issued_at,
        relationship="Alternative",
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(timezone.get_default_timezone())


@cache
def _style() -> tuple[CSS, FontConfiguration]:
    """Fonts and style sheet, read once per process: half the time of a page goes into them."""
    fonts = FontConfiguration()
    faces = [_font_face(family, weight, path) for family, weight, path in FONTS]
    text = "\n".join(filter(None, [*faces, render_to_string("invoices/invoice.css")]))
    return CSS(string=text, base_url=None, url_fetcher=FETCHER, font_config=fonts), fonts


def _font_face(family: str, weight: int, path: str) -> str:
    url = _data_url(path, "font/ttf")
    if not url:
        return ""  # the style sheet names a system face after it
    return f"@font-face {{ font-family: '{family}'; font-weight: {weight}; src: url('{url}') }}"


@cache
def _data_url(path: str, content_type: str) -> str:
    """A static file as an address that needs no fetching; empty if the shop has no such file."""
    found = finders.find(path)
    if not found:
        return ""
    return f"data:{content_type};base64,{base64.b64encode(Path(found).read_bytes()).decode()}"
