"""What the staff's list of documents shows, filters and searches."""

from typing import Any

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mailing.records import Tabs, short_moment

from .models import Invoice, NumberSeries
from .printing import MOST_ATTEMPTS
from .wording import money

LIST = ("what", "order_number", "recipient", "amount", "issued", "printed")
LOOKS = {"what": "number", "recipient": "customer", "issued": "placed", "printed": "state"}
SEARCH = ("number", "order_number", "recipient")


class ListColumns:
    """The cells of the list. Mixed into the admin class, which is where they are looked up."""

    @display(description=_("total"), ordering="total")
    def amount(self, invoice: Invoice) -> str:
        return money(invoice.total, invoice.currency, invoice.language)

    @display(description=_("number"), ordering="number")
    def what(self, invoice: Invoice) -> SafeString:
        cancelled = _pill("failed", _("Cancelled")) if invoice.cancelled_at else ""
        return format_html(
            '{}<br><span class="quiet">{}</span> {}',
            invoice.number,
            invoice.get_kind_display(),
            cancelled,
        )

    @display(description=_("issued"), ordering="issued_at")
    def issued(self, invoice: Invoice) -> str:
        return short_moment(invoice.issued_at)

    @display(description=_("printed"), ordering="printed_at")
    def printed(self, invoice: Invoice) -> SafeString | str:
        if invoice.printed_at:
            return short_moment(invoice.printed_at)
        if invoice.attempts >= MOST_ATTEMPTS:
            return _pill("failed", _("Failed"))
        return _pill("due", _("Waiting"))


class KindTabs(Tabs):
    """Invoices, and what takes them back or goes with the goods."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (Invoice.Kind.INVOICE.value, _("Invoices")),
            (Invoice.Kind.CREDIT_NOTE.value, _("Credit notes")),
            (Invoice.Kind.CANCELLATION.value, _("Cancellations")),
            (Invoice.Kind.DELIVERY_NOTE.value, _("Delivery notes")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        kind = self.value()
        return queryset.filter(kind=kind) if kind else queryset


class YearTabs(Tabs):
    """The documents of one year's numbers."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        years = NumberSeries.objects.order_by("-year").values_list("year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        year = self.value()
        return queryset.filter(year=year) if year else queryset


class PrintedTabs(Tabs):
    """How far the PDF is."""

    title = _("PDF")
    parameter_name = "printed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Printed")), ("waiting", _("Waiting")), ("failed", _("Failed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        match self.value():
            case "yes":
                return queryset.exclude(printed_at=None)
            case "waiting":
                return queryset.filter(printed_at=None, attempts__lt=MOST_ATTEMPTS)
            case "failed":
                return queryset.filter(printed_at=None, attempts__gte=MOST_ATTEMPTS)
        return queryset


FILTERS = (KindTabs, YearTabs, PrintedTabs)


def _pill(look: str, label: Any) -> SafeString:
    return format_html('<span class="pill pill--message-{}">{}</span>', look, label)
