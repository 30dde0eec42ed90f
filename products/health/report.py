"""The report in the admin: filters, table, and the same as a file."""

from typing import Any

from django.forms import CheckboxSelectMultiple
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from django_filters import MultipleChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from ..spreadsheets import harmless, printable
from .examining import examine
from .findings import Finding, Kind

# Who writes pages mends them; Wagtail opens its own reports on pages to the same people.
WHO = ["add", "change", "publish"]


class FindingFilters(WagtailFilterSet):
    kind = MultipleChoiceFilter(
        label=_("What is wrong"), choices=Kind.choices, widget=CheckboxSelectMultiple
    )

    class Meta:
        model = Page
        fields: list[str] = []


class ContentHealth(ReportView):
    """Findings are no rows of a table: the list is made anew each time it is looked at."""

    model = Page  # whose permissions decide who may look
    any_permission_required = WHO
    page_title = _("Content health")
    header_icon = "check"
    index_url_name = "content_health"
    index_results_url_name = "content_health_results"
    filterset_class = FindingFilters
    verbose_name = _("finding")
    verbose_name_plural = _("findings")
    columns = [
        TitleColumn("subject", label=_("Where"), get_url=lambda finding: finding.url),
        Column("kind", label=_("What is wrong"), accessor="kind.label"),
        Column("detail", label=_("In detail")),
    ]
    list_export = ["subject", "kind.label", "detail", "url"]
    export_headings = {
        "subject": _("Where"),
        "kind.label": _("What is wrong"),
        "detail": _("In detail"),
        "url": _("Mended at"),
    }
    export_filename = "content-health"

    def get_filtered_queryset(self) -> list[Finding]:
        chosen = self.filters.form.cleaned_data["kind"] if self.filters.is_valid() else []
        return examine(chosen or list(Kind))

    def get_preprocess_function(self, field: str, value: Any, export_format: str) -> Any:
        # A sheet of its own kind knows text from formulas, but refuses control characters.
        clean = harmless if export_format == self.FORMAT_CSV else printable
        return lambda words: clean(force_str(words))


class ContentHealthMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return page_permission_policy.user_has_any_permission(request.user, WHO)


def menu_item() -> ContentHealthMenuItem:
    return ContentHealthMenuItem(
        _("Content health"), reverse("content_health"), icon_name="check", order=100
    )
