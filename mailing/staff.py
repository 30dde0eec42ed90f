"""The staff's outbox: what was written to whom, as it looks, and sending it again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from . import columns, outbox
from .models import Message
from .records import RecordPage, RecordsAdmin
from .rendering import words_of

VIEW = "mailing.view_message"
RESEND = "mailing.resend_message"


class MessagePage(RecordPage):
    """One message as its recipient sees it; before a worker has written it, as it will look."""

    page_title = gettext_lazy("Message")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        message = self.instance
        words = words_of(message)
        return super().get_context_data(
            message=message,
            words=words,
            # Links open beside the admin, not in the frame.
            preview=words.html.replace("<head>", '<head><base target="_blank">', 1),
            may_send_again=(
                message.state != Message.State.DUE and self.request.user.has_perm(RESEND)
            ),
            **kwargs,
        )


class MessageAdmin(columns.ListColumns, RecordsAdmin):
    """Messages are read and sent again; never made, edited or deleted."""

    model = Message
    base_url_path = "messages"
    menu_label = gettext_lazy("Messages")
    menu_icon = "mail"
    menu_order = 170
    list_display = columns.LIST
    list_filter = columns.FILTERS
    column_looks = columns.LOOKS
    search_fields = columns.SEARCH
    search_hint = gettext_lazy("E-mail address")
    inspect_view_class = MessagePage

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        return (
            *super().get_admin_urls_for_registration(),
            path("messages/again/<int:message_id>/", send_again, name="messages_again"),
            path(
                "messages/attachment/<int:message_id>/<int:position>/",
                attachment,
                name="messages_attachment",
            ),
        )


@require_POST
def send_again(request: HttpRequest, message_id: int) -> HttpResponse:
    """Owe the message once more and show the new one."""
    if not request.user.has_perm(RESEND):
        raise PermissionDenied
    message = get_object_or_404(Message, pk=message_id)
    try:
        message = outbox.send_again(message, at=timezone.now())
    except outbox.StillWaiting:
        messages.warning(request, _("This message is still waiting to be sent."))
    else:
        messages.success(request, _("The message will be sent again. This is the new one."))
    return redirect("messages_modeladmin_inspect", message.pk)


@require_GET
def attachment(request: HttpRequest, message_id: int, position: int) -> FileResponse:
    """A file that went with the message; the first has position 0."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    message = get_object_or_404(Message, pk=message_id)
    try:
        attached = message.attachments[position]
        file = storages["private"].open(attached["path"])
    except (IndexError, FileNotFoundError) as error:
        raise Http404 from error
    response = FileResponse(
        file,
        as_attachment=True,
        filename=attached["filename"],
        content_type=attached["content_type"],
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
