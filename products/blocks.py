"""What the body of a product page is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

PRODUCT_BLOCKS = [
    (
        "heading",
        blocks.CharBlock(
            icon="title",
            label=_("Heading"),
            max_length=120,
            template="products/blocks/heading.html",
        ),
    ),
    (
        "text",
        blocks.RichTextBlock(
            icon="pilcrow",
            label=_("Text"),
            features=["bold", "italic", "link", "ol", "ul"],
            template="components/rich_text.html",
        ),
    ),
    ("picture", ImageBlock(label=_("Picture"), template="components/figure.html")),
]
