"""The staff's list of invoices: read, downloaded, printed again after a failure; never edited."""

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

from mailing.records import RecordPage, RecordsAdmin

from . import columns, printing
from .downloads import pdf_response
from .models import Invoice
from .wording import as_printed

VIEW = "invoices.view_invoice"
PRINT = "invoices.print_invoice"


class InvoicePage(RecordPage):
    """One invoice: what it says, its file, and what kept it from being printed."""

    page_title = gettext_lazy("Invoice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invoice = self.instance
        failed = not invoice.printed_at and invoice.attempts >= printing.MOST_ATTEMPTS
        return super().get_context_data(
            printed=as_printed(invoice),
            failed=failed,
            may_print_again=failed and self.request.user.has_perm(PRINT),
            **kwargs,
        )


class InvoiceAdmin(columns.ListColumns, RecordsAdmin):
    """Invoices are read and downloaded; never made, edited or deleted."""

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
            path("invoices/again/<int:invoice_id>/", print_again, name="invoices_again"),
        )


@require_GET
def download(request: HttpRequest, invoice_id: int) -> FileResponse:
    """The PDF, for staff who may see invoices."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    return pdf_response(get_object_or_404(Invoice, pk=invoice_id))


@require_POST
def print_again(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Another eight attempts for an invoice that could not be printed."""
    if not request.user.has_perm(PRINT):
        raise PermissionDenied
    invoice = get_object_or_404(Invoice, pk=invoice_id)
    printing.print_again(invoice, at=timezone.now())
    messages.success(request, _("The invoice will be printed."))
    return redirect("invoices_modeladmin_inspect", invoice.pk)
