"""What the shop found wrong with itself, and when it last looked."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin import display
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail_modeladmin.views import IndexView

from mailing.records import RecordList, Tabs, short_moment

from ...models import Audit, Finding
from .record_admin import ConsoleAdmin, ConsolePage, Fact, pill

# Every day at the same hour, and a large shop's take their time.
OVERDUE = timedelta(hours=26)


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
    """The list, above it when the shop last looked, and a warning when it does not."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = {kind: _last_run(kind) for kind in Audit.Kind}
        return super().get_context_data(
            notice=" · ".join(_in_words(kind, at) for kind, at in runs.items()),
            warning=_warning(runs, at=timezone.now()),
            **kwargs,
        )


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


def _last_run(kind: Audit.Kind) -> datetime | None:
    """When an examination of this kind last came to its end."""
    last = Audit.objects.filter(kind=kind).exclude(finished_at=None).first()
    return last.finished_at if last else None


def _in_words(kind: Audit.Kind, last: datetime | None) -> str:
    if last is None:
        return _("%(what)s: not yet") % {"what": kind.label}
    return _("%(what)s: %(moment)s") % {"what": kind.label, "moment": short_moment(last)}


def _warning(runs: dict[Audit.Kind, datetime | None], *, at: datetime) -> str:
    """What has not come to its end for too long. Empty while all is well."""
    late = [str(kind.label) for kind, last in runs.items() if (last or _opened(at)) < at - OVERDUE]
    if not late:
        return ""
    return _(
        "Not finished for more than %(hours)d hours: %(what)s. An empty list says nothing then. "
        "Do beat and worker run, and does the provider answer?"
    ) % {"hours": OVERDUE // timedelta(hours=1), "what": ", ".join(late)}


def _opened(at: datetime) -> datetime:
    """Since when the shop can have looked: the day its first account was made."""
    # Not its first order: those of the demo are a year old when it begins.
    joined = User.objects.order_by("pk").values_list("date_joined", flat=True)
    return joined.first() or at
