"""Blocks that lead into the catalogue. What they show is that of right now."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.models import Page

from products.models import CategoryPage, ProductPage
from products.showing import shown

from .. import goods

SAMPLE_SIZE = 4


def _heading() -> blocks.CharBlock:
    return blocks.CharBlock(required=False, max_length=80, label=_("Heading"))


def _loaded(parent_context: dict[str, Any] | None, **chosen: list[int]) -> goods.Goods:
    """What the page has read for all its blocks; a block shown by itself reads its own."""
    return (parent_context or {}).get("goods") or goods.load(**chosen)


def _ids(pages: list[Page | None]) -> list[int]:
    # A page that was deleted has left a gap.
    return [page.pk for page in pages if page]


class ProductsBlock(blocks.StructBlock):
    """Chosen products. Those that are not published drop out."""

    heading = _heading()
    products = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="products.ProductPage"), max_num=12, label=_("Products")
    )

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        chosen = _ids(value["products"])
        cards = _loaded(parent_context, products=chosen).cards
        return {
            **super().get_context(value, parent_context),
            "cards": [cards[pk] for pk in chosen if pk in cards],
        }

    def get_preview_value(self) -> blocks.StructValue:
        """The shop's own products, so that the preview shows what visitors would see."""
        pages = shown(ProductPage.objects.order_by("path"))[:SAMPLE_SIZE]
        return self.normalize({"heading": _("What we are drinking"), "products": list(pages)})


class FeaturedBlock(ProductsBlock):
    """Products side by side."""

    class Meta:
        icon = "tag"
        label = _("Featured products")
        description = _("A few products side by side, with the price and stock of right now.")
        template = "home/blocks/featured.html"


class CarouselBlock(ProductsBlock):
    """Products on one line."""

    class Meta:
        icon = "arrow-right"
        label = _("Product carousel")
        description = _("Products on one line to swipe through: room for many on little space.")
        template = "home/blocks/carousel.html"


class CategoriesBlock(blocks.StructBlock):
    """Ways into the shop's shelves."""

    heading = _heading()
    categories = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="products.CategoryPage"),
        max_num=12,
        label=_("Categories"),
    )

    class Meta:
        icon = "list-ul"
        label = _("Categories")
        description = _("Ways into the shop's shelves, each with its picture.")
        template = "home/blocks/categories.html"

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        chosen = _ids(value["categories"])
        tiles = _loaded(parent_context, products=[], categories=chosen).tiles
        in_order = [tiles[pk] for pk in chosen if pk in tiles]
        return {**super().get_context(value, parent_context), "tiles": in_order}

    def get_preview_value(self) -> blocks.StructValue:
        pages = shown(CategoryPage.objects.order_by("path"))[:SAMPLE_SIZE]
        return self.normalize({"heading": _("Look around"), "categories": list(pages)})
