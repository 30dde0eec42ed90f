"""What the staff's list of messages shows, filters and searches."""

from typing import Any

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .kinds import in_words
from .models import Message
from .records import Tabs, short_moment

LIST = ("about", "recipient", "pill", "attempts", "written", "sent")
LOOKS = {
    "about": "number",
    "recipient": "customer",
    "pill": "state",
    "attempts": "item_count",
    "written": "placed",
}
SEARCH = ("recipient",)


class ListColumns:
    """The cells of the list. Mixed into the admin class, which is where they are looked up."""

    @display(description=_("message"), ordering="kind")
    def about(self, message: Message) -> str:
        return in_words(message.kind)

    @display(description=_("state"), ordering="state")
    def pill(self, message: Message) -> SafeString:
        return format_html(
            '<span class="pill pill--message-{}">{}</span>',
            message.state,
            message.get_state_display(),
        )

    @display(description=_("written"), ordering="created_at")
    def written(self, message: Message) -> str:
        return short_moment(message.created_at)

    @display(description=_("sent"), ordering="sent_at")
    def sent(self, message: Message) -> str:
        return short_moment(message.sent_at) if message.sent_at else ""


class StateTabs(Tabs):
    """Waiting, sent or failed."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Message.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class KindTabs(Tabs):
    """The kinds that have been written so far."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        kinds = Message.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, in_words(kind)) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


FILTERS = (StateTabs, KindTabs)
