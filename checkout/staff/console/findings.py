"""What the shop found wrong with itself, and when it last looked."""

from typing import Any

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail_modeladmin.views import IndexView

from mailing.records import RecordList, Tabs, short_moment

from ...models import Audit, Finding
from .record_admin import ConsoleAdmin, ConsolePage, Fact, pill


class FindingPage(ConsolePage):
    """One finding."""

    def facts(self) -> list[Fact]:
        finding: Finding = self.instance
        return [
            Fact(_("What must hold"), finding.invariant),
            Fact(_("Which"), finding.subject),
            Fact(_("What is so instead"), finding.detail),
            Fact(_("Found by"), finding.get_kind_display()),
            Fact(_("Found"), short_moment(finding.found_at)),
            Fact(_("Last seen"), short_moment(finding.seen_at)),
            Fact(_("Gone since"), finding.resolved_at and short_moment(finding.resolved_at)),
        ]


class OpenTabs(Tabs):
    """Still so, or not any more."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Still so")), ("gone", _("Gone"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Finding]) -> QuerySet[Finding]:
        match self.value():
            case "open":
                return queryset.filter(resolved_at=None)
            case "gone":
                return queryset.exclude(resolved_at=None)
        return queryset


class FindingList(RecordList):
    """The list, below it a line on when the shop last looked."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(notice=" · ".join(map(_last_run, Audit.Kind)), **kwargs)


class FindingsAdmin(ConsoleAdmin):
    model = Finding
    base_url_path = "payments/findings"
    menu_label = gettext_lazy("Findings")
    menu_icon = "crosshairs"
    list_select_related = False
    list_display = ("invariant", "state_pill", "subject", "detail", "happened")
    list_filter = (OpenTabs,)
    search_fields = ("subject", "invariant")
    search_hint = gettext_lazy("Order, payment or SKU")
    index_view_class: type[IndexView] = FindingList
    index_template_name = "modeladmin/checkout/console/list.html"
    inspect_view_class = FindingPage
    column_looks = {**ConsoleAdmin.column_looks, "invariant": "number"}

    @display(description=gettext_lazy("state"), ordering="resolved_at")
    def state_pill(self, finding: Finding) -> SafeString:
        return pill("quiet", _("Gone")) if finding.resolved_at else pill("hold", _("Still so"))

    @display(description=gettext_lazy("found"), ordering="found_at")
    def happened(self, finding: Finding) -> str:
        return short_moment(finding.found_at)


def _last_run(kind: Audit.Kind) -> str:
    last = Audit.objects.filter(kind=kind).exclude(finished_at=None).first()
    if last is None or last.finished_at is None:
        return _("%(what)s: not yet") % {"what": kind.label}
    return _("%(what)s: %(moment)s") % {
        "what": kind.label,
        "moment": short_moment(last.finished_at),
    }
