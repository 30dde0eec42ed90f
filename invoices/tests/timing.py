"""How long printing takes, beside WeasyPrint alone on the same HTML, fonts and style sheet."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from django.utils import translation

from invoices import pdf
from invoices.models import Invoice


def seconds(document: Invoice, *, repeats: int = 15) -> dict[str, float]:
    """The median of: WeasyPrint alone, our printing of the same, and with the e-invoice inside.

    The three take turns, so that a busy machine slows all of them.
    """
    with translation.override(document.language):
        html = pdf.markup(document)
    sheet, fonts = pdf._style()
    ways: dict[str, Callable[[], object]] = {
        "weasyprint": lambda: pdf.HTML(string=html).write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/a-3a"
        ),
        "weasyprint, no archive": lambda: pdf.HTML(string=html).write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_tags=True
        ),
        "printed": lambda: _printed(document),
        "with e-invoice": lambda: pdf.render(document),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats + 1):  # the first fills the caches
        for name, way in ways.items():
            begun = perf_counter()
            way()
            taken[name].append(perf_counter() - begun)
    return {name: median(times[1:]) for name, times in taken.items()}


def _printed(document: Invoice) -> bytes:
    with translation.override(document.language):
        return pdf.paint(pdf.markup(document), document)
