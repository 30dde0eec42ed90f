"""Handing the PDF to whoever a view has found to be entitled to it."""

from django.http import FileResponse, Http404

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
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
