"""What landing and content pages are made of."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from products import listing, pictures
from products.models import CategoryPage, ProductPage
from products.showing import shown

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "link", "ol", "ul"]


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
        template = "home/blocks/hero.html"


class FeaturedBlock(blocks.StructBlock):
    """Chosen products, with the price and stock of right now."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    products = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="products.ProductPage"), max_num=12, label=_("Products")
    )

    class Meta:
        icon = "tag"
        label = _("Featured products")
        template = "home/blocks/featured.html"

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        currency = settings.SHOP_CURRENCY
        chosen = [page.pk for page in value["products"] if page]
        found = listing.with_offer(shown(ProductPage.objects.filter(pk__in=chosen)), currency)
        cards = listing.cards(sorted(found, key=lambda page: chosen.index(page.pk)))
        pictures.load_renditions([card.image for card in cards], pictures.CARD)
        context = super().get_context(value, parent_context)
        return {**context, "cards": cards, "currency": currency}


class CategoriesBlock(blocks.StructBlock):
    """Ways into the shop's shelves."""

    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    categories = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="products.CategoryPage"),
        max_num=12,
        label=_("Categories"),
    )

    class Meta:
        icon = "list-ul"
        label = _("Categories")
        template = "home/blocks/categories.html"

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        chosen = [page.pk for page in value["categories"] if page]
        tiles = listing.tiles(CategoryPage.objects.filter(pk__in=chosen))
        pictures.load_renditions([tile.image for tile in tiles], pictures.TILE)
        return {**super().get_context(value, parent_context), "tiles": tiles}


class PictureAndTextBlock(blocks.StructBlock):
    """A picture beside a few words."""

    image = ImageBlock(label=_("Picture"))
    heading = blocks.CharBlock(required=False, max_length=80, label=_("Heading"))
    text = blocks.RichTextBlock(features=["bold", "italic", "link"], label=_("Text"))
    picture_last = blocks.BooleanBlock(required=False, label=_("Picture on the other side"))

    class Meta:
        icon = "doc-full"
        label = _("Picture with text")
        template = "home/blocks/picture_and_text.html"


def _text(template: str) -> blocks.RichTextBlock:
    return blocks.RichTextBlock(
        icon="pilcrow", label=_("Text"), features=TEXT_FEATURES, template=template
    )


CONTENT_BLOCKS = [
    ("text", _text("components/rich_text.html")),
    ("picture", ImageBlock(label=_("Picture"), template="components/figure.html")),
]

LANDING_BLOCKS = [
    ("hero", HeroBlock()),
    ("featured", FeaturedBlock()),
    ("categories", CategoriesBlock()),
    ("picture_and_text", PictureAndTextBlock()),
    ("text", _text("home/blocks/text.html")),
]
