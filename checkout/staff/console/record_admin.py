"""What every list of the console has in common."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mailing.records import RecordPage, RecordsAdmin, Tabs

from ...models import Order


@dataclass(frozen=True)
class Fact:
    """One line of a record's page. `value` may be a link; facts without one are left out."""

    label: Any
    value: Any


class ConsolePage(RecordPage):
    """A record as a table of facts, with lists of what belongs to it."""

    page_title = _("Payments")

    def facts(self) -> list[Fact]:
        """What there is to say about the record, in reading order."""
        raise NotImplementedError

    def heading(self) -> str:
        """What the page is about, short enough for a telephone."""
        return str(self.instance)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = [fact for fact in self.facts() if fact.value not in ("", None)]
        return super().get_context_data(
            record=self.instance, heading=self.heading(), facts=known, **kwargs
        )


class ConsoleAdmin(RecordsAdmin):
    """Looked at by staff with the permission to view the record; written by the shop alone."""

    inspect_template_name = "modeladmin/checkout/console/record.html"
    list_select_related: bool | list[str] = ["order"]
    column_looks = {"order_link": "number", "state_pill": "state", "happened": "placed"}


class StateTabs(Tabs):
    """A tab for each state of the model that is listed."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(model_admin.model.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        return queryset.filter(state=self.value()) if self.value() else queryset


def order_link(order: Order) -> SafeString:
    """The order's number, leading to its page."""
    address = reverse("orders_modeladmin_inspect", args=[order.pk])
    return format_html('<a href="{}">{}</a>', address, order.number)


def pill(look: str, words: Any) -> SafeString:
    """A coloured word; `looks` are those of the desk's style sheet."""
    return format_html('<span class="pill pill--{}">{}</span>', look, words)
