"""Blocks of words and pictures."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "link", "ol", "ul"]
LINE_FEATURES = ["bold", "italic", "link"]


def a_picture() -> Any:
    """For previews: one the shop has."""
    return get_image_model().objects.order_by("pk").first()


class HeroBlock(blocks.StructBlock):
    """The first thing a visitor sees: a picture, a sentence, a way in."""

    title = blocks.CharBlock(max_length=80, label=_("Title"))
    text = blocks.TextBlock(required=False, max_length=300, label=_("Text"))
    image = ImageBlock(required=False, label=_("Picture"))
    page = blocks.PageChooserBlock(required=False, label=_("Leads to"))
    button = blocks.CharBlock(required=False, max_length=40, label=_("Words on the button"))

    class Meta:
        icon = "image"
        label = _("Hero")
        description = _("The first thing a visitor sees: a picture, a sentence, a way in.")
        template = "home/blocks/hero.html"

    def get_preview_value(self) -> blocks.StructValue:
        words = {"title": _("Tea that takes its time"), "text": _("Loose leaf by the harvest.")}
        return self.normalize({**words, "image": a_picture()})


class PictureAndTextBlock(blocks.StructBlock):
    """A picture beside a few words."""

    image = ImageBlock(label=_("Picture"))
    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    text = blocks.RichTextBlock(features=LINE_FEATURES, label=_("Text"))
    picture_last = blocks.BooleanBlock(required=False, label=_("Picture on the other side"))

    class Meta:
        icon = "doc-full"
        label = _("Picture with text")
        description = _("A picture beside a few words.")
        template = "home/blocks/picture_and_text.html"

    def get_preview_value(self) -> blocks.StructValue:
        words = {"heading": _("Small harvests"), "text": _("<p>We buy from eleven growers.</p>")}
        return self.normalize({**words, "image": a_picture()})


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    words = blocks.TextBlock(max_length=400, label=_("Words"))
    who = blocks.CharBlock(max_length=80, label=_("Who said it"))
    source = blocks.CharBlock(required=False, max_length=80, label=_("Where, or as what"))

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("What a customer, a grower or a newspaper said.")
        template = "home/blocks/quote.html"
        preview_value = {
            "words": _("The best sencha I have had outside Uji."),
            "who": _("Ada"),
            "source": _("customer since 2019"),
        }


class QuestionBlock(blocks.StructBlock):
    """One question and its answer."""

    question = blocks.CharBlock(max_length=120, label=_("Question"))
    answer = blocks.RichTextBlock(features=[*LINE_FEATURES, "ol", "ul"], label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")


class QuestionsBlock(blocks.StructBlock):
    """Questions whose answers unfold."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, max_num=30, label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Questions that unfold their answers. Works without script.")
        template = "home/blocks/questions.html"
        preview_value = {
            "heading": _("Before you ask"),
            "questions": [
                {
                    "question": _("How long does tea keep?"),
                    "answer": _("<p>A year, cool and dry.</p>"),
                },
                {
                    "question": _("May I send it back?"),
                    "answer": _("<p>Unopened, within 30 days.</p>"),
                },
            ],
        }


class Tone(models.TextChoices):
    """How a notice sounds. The values are those of components/notice.css."""

    NOTE = "note", _("To know")
    GOOD = "good", _("Good news")
    WARN = "warn", _("Take care")


class NoticeBlock(blocks.StructBlock):
    """News that should be seen: holidays, delays, a new harvest."""

    tone = blocks.ChoiceBlock(choices=Tone.choices, default=Tone.NOTE, label=_("Tone"))
    title = blocks.CharBlock(required=False, max_length=80, label=_("Title"))
    text = blocks.RichTextBlock(features=LINE_FEATURES, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Notice")
        description = _("News that should be seen: holidays, delays, a new harvest.")
        template = "home/blocks/notice.html"
        preview_value = {
            "tone": Tone.NOTE,
            "title": _("Closed until Monday"),
            "text": _("<p>What you order now leaves us on Monday morning.</p>"),
        }


def text(template: str) -> blocks.RichTextBlock:
    """Running text; where it stands decides how it is framed."""
    return blocks.RichTextBlock(
        icon="pilcrow",
        label=_("Text"),
        description=_("Paragraphs, lists, links and headings."),
        features=TEXT_FEATURES,
        template=template,
        preview_value=_("<h2>How we buy</h2><p>Directly from growers, by the <b>harvest</b>.</p>"),
    )


def picture() -> ImageBlock:
    """A picture on its own."""
    return ImageBlock(
        label=_("Picture"),
        description=_("A picture on its own, as wide as the text."),
        template="components/figure.html",
        preview_value=a_picture,
    )
