"""The staff's list of documents: read, downloaded, printed and sent again; never edited."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from mailing import outbox
from mailing.records import RecordPage, RecordsAdmin
from mailing.staff import RESEND

from . import columns, completeness, downloads, letters, printing
from .models import Invoice
from .printed import as_printed

VIEW = "invoices.view_invoice"
PRINT = "invoices.print_invoice"


class InvoicePage(RecordPage):
    """One document: what it says and corrects, its files, and what kept it from being printed."""

    page_title = gettext_lazy("Document")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice, user = self.instance, self.request.user
        failed = not invoice.printed_at and invoice.attempts >= printing.MOST_ATTEMPTS
        return super().get_context_data(
            printed=as_printed(invoice),
            failed=failed,
            gaps=completeness.gaps(invoice),
            corrections=invoice.corrections.order_by("issued_at", "pk"),
            may_print_again=failed and user.has_perm(PRINT),
            may_send_again=letters.is_sendable(invoice) and user.has_perm(RESEND),
            **kwargs,
        )


class InvoiceAdmin(columns.ListColumns, RecordsAdmin):
    """Documents are read, downloaded and sent; never made, edited or deleted."""

    model = Invoice
    base_url_path = "invoices"
    menu_label = gettext_lazy("Invoices")
    menu_icon = "doc-full"
    menu_order = 160
    list_display = columns.LIST
    list_filter = columns.FILTERS
    column_looks = columns.LOOKS
    search_fields = columns.SEARCH
    search_hint = gettext_lazy("Number, order or e-mail address")
    inspect_view_class = InvoicePage

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        return (
            *super().get_admin_urls_for_registration(),
            path("invoices/pdf/<int:invoice_id>/", download, name="invoices_pdf"),
            path("invoices/ubl/<int:invoice_id>/", download_ubl, name="invoices_ubl"),
            path("invoices/cii/<int:invoice_id>/", download_cii, name="invoices_cii"),
            path("invoices/send/<int:invoice_id>/", send_again, name="invoices_send"),
            path("invoices/again/<int:invoice_id>/", print_again, name="invoices_again"),
        )


@require_GET
def download(request: HttpRequest, invoice_id: int) -> FileResponse:
    """The PDF, for staff who may see invoices."""
    return downloads.pdf_response(_visible(request, invoice_id))


@require_GET
def download_ubl(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """The e-invoice as UBL, for staff who may see invoices."""
    return downloads.ubl_response(_visible(request, invoice_id))


@require_GET
def download_cii(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """The e-invoice as CII, for staff who may see invoices."""
    return downloads.cii_response(_visible(request, invoice_id))


@require_POST
def print_again(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Another eight attempts for an invoice that could not be printed."""
    invoice = _visible(request, invoice_id, PRINT)
    printing.print_again(invoice, at=timezone.now())
    messages.success(request, _("The invoice will be printed."))
    return redirect("invoices_modeladmin_inspect", invoice.pk)


@require_POST
def send_again(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Mail the same file to the buyer once more."""
    invoice = _visible(request, invoice_id, RESEND)
    try:
        letters.send_again(invoice, at=timezone.now())
    except outbox.StillWaiting:
        messages.warning(request, _("A mail with this document is still waiting to be sent."))
    except letters.NotSendable:
        messages.error(request, _("This document cannot be sent."))
    else:
        messages.success(request, _("The document will be sent again."))
    return redirect("invoices_modeladmin_inspect", invoice.pk)


def _visible(request: HttpRequest, invoice_id: int, *more: str) -> Invoice:
    """For those who may see invoices and have the permissions `more` besides."""
    if not request.user.has_perms((VIEW, *more)):
        raise PermissionDenied
    return get_object_or_404(Invoice, pk=invoice_id)
