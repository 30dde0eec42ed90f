"""From a message's kind and data to the words that are sent."""

from dataclasses import asdict, dataclass
from typing import Any

import css_inline
from django.template import Context, Engine
from django.template.loader import get_template
from django.utils import translation

from .models import Message
from .plain import one_line

SUBJECT_LENGTH = Message._meta.get_field("subject").max_length

# Mail clients read only inline styles; the media query for dark mode has to stay where it is.
# Nothing is fetched: a mail's styles come with its template.
INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Words:
    """What a mail says. `subject` is one line."""

    subject: str
    text: str
    html: str


def render(message: Message) -> Words:
    """The words of a message in its language. Never touches the database."""
    with translation.override(message.language):
        return Words(
            subject=one_line(_plain_text(message, "subject.txt"))[:SUBJECT_LENGTH],
            text=_plain_text(message, "txt").strip() + "\n",
            html=INLINER.inline(_markup(message)),
        )


def words_of(message: Message) -> Words:
    """The words that were sent, or those that will be."""
    if message.subject:
        return Words(message.subject, message.text, message.html)
    return render(message)


def fix_words(message: Message) -> None:
    """Store the words on the row, once, so that every later attempt sends the same ones."""
    if message.subject:
        return
    fixed: dict[str, Any] = asdict(render(message))
    Message.objects.filter(pk=message.pk, subject="").update(**fixed)
    message.refresh_from_db(fields=list(fixed))


def _plain_text(message: Message, ending: str) -> str:
    template = Engine.get_default().get_template(f"mailing/{message.kind}.{ending}")
    return template.render(Context(message.context, autoescape=False))


def _markup(message: Message) -> str:
    return get_template(f"mailing/{message.kind}.html").render(message.context)
