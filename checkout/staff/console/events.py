"""What the providers told us, whatever became of it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import display
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail_modeladmin.views import IndexView

from mailing.records import RecordList, short_moment

from ...models import ProviderEvent
from ...payments import inbox
from .record_admin import ConsoleAdmin, ConsolePage, Fact, StateTabs, pill

State = ProviderEvent.State
VIEW = "checkout.view_providerevent"
REPLAY = "checkout.replay_providerevent"
LOOKS = {
    State.RECEIVED: "message-due",
    State.HANDLED: "message-sent",
    State.IGNORED: "quiet",
    State.UNMATCHED: "hold",
    State.QUARANTINED: "hold",
    State.FAILED: "hold",
}


class EventPage(ConsolePage):
    """One event: when it came, what became of it, and its words."""

    def heading(self) -> str:
        return str(self.instance.kind)

    def facts(self) -> list[Fact]:
        event: ProviderEvent = self.instance
        return [
            Fact(_("What"), event.kind),
            Fact(_("State"), _pill(event)),
            Fact(_("Event"), event.event_id),
            Fact(_("Page"), event.reference),
            Fact(_("Payment"), event.payment_reference),
            Fact(_how_it_came(event), short_moment(event.received_at)),
            Fact(_("Real money"), _("yes") if event.livemode else _("no, test mode")),
            Fact(_("Followed up"), event.handled_at and short_moment(event.handled_at)),
            Fact(_("Tries"), event.attempts),
            Fact(_("Next try"), event.due_at and short_moment(event.due_at)),
            Fact(_("Had followed up again by"), event.replayed_by),
            Fact(_("Last error"), event.last_error),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event: ProviderEvent = self.instance
        may_replay = event.state in inbox.REPLAYABLE
        return super().get_context_data(
            payload=json.dumps(event.payload, indent=2, ensure_ascii=False),
            scrubbed_at=event.scrubbed_at,
            may_replay=may_replay and self.request.user.has_perm(REPLAY),
            **kwargs,
        )


class EventList(RecordList):
    """The list, with a warning above it when the endpoint has gone silent."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        silence = inbox.silence(at=now)
        return super().get_context_data(
            notice=" · ".join(_last_events(now)),
            warning=silence
            and _(
                "Payments were settled since %(moment)s, and no event told us about them. "
                "Is the webhook's address still right, and its secret?"
            )
            % {"moment": short_moment(now - silence)},
            **kwargs,
        )


class EventsAdmin(ConsoleAdmin):
    model = ProviderEvent
    base_url_path = "payments/events"
    menu_label = gettext_lazy("Events")
    menu_icon = "history"
    list_select_related = False
    list_display = ("kind", "state_pill", "attempts", "reference", "happened")
    list_filter = (StateTabs,)
    search_fields = ("event_id", "reference", "payment_reference", "kind")
    search_hint = gettext_lazy("Event or reference")
    index_view_class: type[IndexView] = EventList
    index_template_name = "modeladmin/checkout/console/list.html"
    inspect_view_class = EventPage
    column_looks = {**ConsoleAdmin.column_looks, "kind": "number", "attempts": "item_count"}

    @display(description=gettext_lazy("state"), ordering="state")
    def state_pill(self, event: ProviderEvent) -> SafeString:
        return _pill(event)

    @display(description=gettext_lazy("received"), ordering="received_at")
    def happened(self, event: ProviderEvent) -> str:
        return short_moment(event.received_at)

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        return (
            *super().get_admin_urls_for_registration(),
            path("payments/events/again/<int:event_id>/", replay, name="payment_events_again"),
        )


@require_POST
def replay(request: HttpRequest, event_id: int) -> HttpResponse:
    """Have an event followed up once more."""
    if not request.user.has_perms((VIEW, REPLAY)):
        raise PermissionDenied
    event = get_object_or_404(ProviderEvent, pk=event_id)
    try:
        inbox.replay(event, by=cast(User, request.user), at=timezone.now())
    except inbox.NothingToReplay:
        messages.warning(request, _("This event has been followed up already."))
    else:
        messages.success(request, _("The event will be followed up again."))
    return redirect("payments_events_modeladmin_inspect", event.pk)


def _how_it_came(event: ProviderEvent) -> str:
    if event.by_webhook:
        return _("Received, its signature verified")
    return _("Taken from the provider's list, as it had not reached us")


def _last_events(now: datetime) -> Iterator[str]:
    """When the endpoint was last heard, and when we last had to ask for what it missed."""
    newest = ProviderEvent.objects.order_by("-received_at").values_list("received_at", flat=True)
    if called := newest.filter(by_webhook=True).first():
        yield _("Last event delivered: %(ago)s ago") % {"ago": timesince(called, now)}
    if fetched := newest.filter(by_webhook=False).first():
        ago = timesince(fetched, now)
        yield _("Last one taken from the provider's list: %(ago)s ago") % {"ago": ago}


def _pill(event: ProviderEvent) -> SafeString:
    return pill(LOOKS[State(event.state)], event.get_state_display())
