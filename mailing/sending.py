"""Sending a message: by one worker at a time, in the same words, a bounded number of times."""

import logging
import smtplib
from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from .models import Message
from .plain import one_line
from .rendering import fix_words

logger = logging.getLogger(__name__)

# Longer than the task's hard time limit, so that whoever held it is dead when it runs out.
LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=20)  # then four times as long each time: thirty hours in all

# Replies that speak of this message. Others (login, greeting) speak of the server and may heal.
ABOUT_THE_MESSAGE = (smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class OwedMail(EmailMultiAlternatives):
    """The mail of a row, which is to leave the shop now."""


def due(at: datetime) -> QuerySet[Message]:
    """Messages that wait, whose time has come and that no worker holds."""
    unheld = Q(leased_until=None) | Q(leased_until__lte=at)
    return Message.objects.filter(unheld, state=Message.State.DUE, due_at__lte=at)


def give_up_on_hopeless(at: datetime) -> int:
    """Show messages to staff whose last worker died without a word. Returns how many."""
    hopeless = due(at).filter(attempts__gte=MOST_ATTEMPTS)
    return hopeless.update(
        state=Message.State.FAILED,
        leased_until=None,
        last_error=_("Sending never came to an end."),
    )


def send_if_due(message_id: int, *, at: datetime) -> None:
    """Send one message, unless it is sent, not due yet, or in another worker's hands."""
    message = _claim(message_id, at=at)
    if message is None:
        return
    try:
        fix_words(message)
        as_mail(message).send()
    except Exception as error:
        _put_off(message, error, at=at)
    else:
        # Whatever became of the lease meanwhile: it is sent.
        Message.objects.filter(pk=message.pk).update(
            state=Message.State.SENT, sent_at=at, due_at=None, leased_until=None, last_error=""
        )


def as_mail(message: Message) -> OwedMail:
    """The mail of a message whose words are fixed. Raises ValidationError for a bad recipient."""
    recipient = one_line(message.recipient)
    validate_email(recipient)
    mail = OwedMail(
        one_line(message.subject),
        message.text,
        to=[recipient],
        reply_to=_shop_address(message),
        headers={"Message-ID": message_id_of(message), "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for attachment in message.attachments:
        with storages["private"].open(attachment["path"]) as file:
            mail.attach(one_line(attachment["filename"]), file.read(), attachment["content_type"])
    return mail


def message_id_of(message: Message) -> str:
    """The same for each attempt, so that a mail sent twice by a fault is recognised as one."""
    mark = sha256(f"{message.key} {message.created_at.timestamp()}".encode()).hexdigest()[:24]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<message-{message.pk}-{mark}@{domain}>"


def _shop_address(message: Message) -> list[str]:
    """Where an answer goes: to the people of the shop, if the message names them."""
    address = (message.context.get("shop") or {}).get("email")
    return [one_line(address)] if address else []


def _claim(message_id: int, *, at: datetime) -> Message | None:
    """Take the lease in one statement: of two workers one changes the row, the other none."""
    waiting = due(at).filter(pk=message_id, attempts__lt=MOST_ATTEMPTS)
    if not waiting.update(leased_until=at + LEASE, attempts=F("attempts") + 1):
        return None
    return Message.objects.get(pk=message_id)


def _put_off(message: Message, error: Exception, *, at: datetime) -> None:
    """Try again later, or show it to staff if that cannot help."""
    # The error's text may name the recipient: it belongs on the row, not in the log.
    fault = type(error).__name__
    logger.warning("Message %s: attempt %s: %s", message.pk, message.attempts, fault)
    change = {"leased_until": None, "last_error": one_line(f"{fault}: {error}")[:500]}
    if is_final(error) or message.attempts >= MOST_ATTEMPTS:
        change["state"] = Message.State.FAILED
    else:
        change["due_at"] = at + FIRST_PAUSE * 4 ** (message.attempts - 1)
    # Only while the lease is still ours: another worker may have sent it meanwhile.
    Message.objects.filter(pk=message.pk, leased_until=message.leased_until).update(**change)


def is_final(error: Exception) -> bool:
    """Would the same message be refused for ever?"""
    if isinstance(error, ValidationError):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _reply in error.recipients.values())
    return isinstance(error, ABOUT_THE_MESSAGE) and error.smtp_code >= 500
