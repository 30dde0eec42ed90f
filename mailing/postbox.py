"""Where mails go that others write: Wagtail's, while an editor waits, and Django's."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from . import outbox
from .sending import OwedMail


class Postbox(BaseEmailBackend):
    """Owes what is marked as sent by itself, so that no editor waits for a mail server.

    Hands on what the shop's workers send, and what somebody asked for and waits for: a link to set
    a new password must not lie in the outbox, where staff could read it.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Returns how many are owed or sent. May raise what the mail server's library raises."""
        notes = [mail for mail in email_messages if _is_note(mail)]
        for mail in notes:
            outbox.owe_as_written(mail, at=timezone.now())
        if others := [mail for mail in email_messages if not _is_note(mail)]:
            transport = get_connection(settings.MAIL_TRANSPORT, fail_silently=self.fail_silently)
            return len(notes) + (transport.send_messages(others) or 0)
        return len(notes)


def _is_note(mail: EmailMessage) -> bool:
    # A header of RFC 3834, which Wagtail gives its notes on approvals and comments.
    by_itself = mail.extra_headers.get("Auto-Submitted") == "auto-generated"
    return by_itself and not isinstance(mail, OwedMail) and not mail.attachments
