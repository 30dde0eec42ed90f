"""Handing documents to whoever a view has found to be entitled to them."""

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase

from . import completeness, en16931
from .models import Invoice


def pdf_response(invoice: Invoice, *, inline: bool = False) -> FileResponse:
    """The stored PDF, as a download or to be shown. It asks nobody's permission: the caller has.

    Raises Http404 while it is not printed; a page that links here asks `invoice.printed_at` first.
    """
    if not invoice.printed_at:
        raise Http404
    try:
        file = invoice.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=not inline, filename=invoice.filename, content_type="application/pdf"
    )
    _keep_private(response)
    return response


def ubl_response(invoice: Invoice) -> HttpResponse:
    """The e-invoice as UBL, a download. It asks nobody's permission: the caller has.

    Raises Http404 if there is none; a page that links here asks `completeness.gaps` first.
    """
    _require_einvoice(invoice)
    return _xml(en16931.ubl_of(invoice), f"{invoice.number}-ubl.xml")


def cii_response(invoice: Invoice) -> HttpResponse:
    """The same as CII, which is what a Factur-X carries."""
    _require_einvoice(invoice)
    return _xml(en16931.cii_of(invoice), f"{invoice.number}-cii.xml")


def _require_einvoice(invoice: Invoice) -> None:
    if completeness.gaps(invoice):
        raise Http404


def _xml(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    _keep_private(response)
    return response


def _keep_private(response: HttpResponseBase) -> None:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
