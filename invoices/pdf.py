"""The invoice as a PDF. The only module that knows WeasyPrint; workers import it, the web never."""

import base64
import logging
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from .models import Invoice
from .wording import as_printed

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
    """The PDF of an invoice: of the same invoice always the same bytes. Raises Unprintable."""
    sheet, fonts = _style()
    with translation.override(invoice.language):
        page = HTML(string=_markup(invoice), base_url=None, url_fetcher=FETCHER)
        try:
            return page.write_pdf(
                stylesheets=[sheet],
                font_config=fonts,
                pdf_identifier=sha256(invoice.number.encode()).digest()[:16],
                pdf_tags=True,
            )
        except FatalURLFetchingError as error:  # a BaseException: it would end the worker
            raise Unprintable(str(error)) from error


def _markup(invoice: Invoice) -> str:
    issued_at = invoice.issued_at.astimezone(timezone.get_default_timezone())
    return render_to_string(
        "invoices/invoice.html",
        {
            **as_printed(invoice),
            "logo": _data_url("img/logo.png", "image/png"),
            "written": issued_at.isoformat(timespec="seconds"),
        },
    )


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
