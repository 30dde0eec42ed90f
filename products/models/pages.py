"""The pages editors write. They hold words and pictures; price and stock are the product's own."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from ..blocks import PRODUCT_BLOCKS
from ..editing.panels import PriceAndStockPanel
from ..showing import MostlyOpen
from .products import Product


class CategoryPage(MostlyOpen, Page):
    """A shelf of the shop: products and narrower categories below it."""

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])
    image = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("image")]
    search_fields = [*Page.search_fields, index.SearchField("intro")]
    parent_page_types = ["home.HomePage", "products.CategoryPage"]
    subpage_types = ["products.CategoryPage", "products.ProductPage"]
    template = "products/category_page.html"

    class Meta:
        verbose_name = _("category page")
        verbose_name_plural = _("category pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..browsing import category_context  # knows the models, so it cannot load before them

        return {**super().get_context(request, *args, **kwargs), **category_context(self, request)}

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        from ..previewing.modes import MODES

        return MODES

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from ..previewing.pages import category_preview

        shown = category_preview(self, request, mode_name, at=timezone.now())
        return {**super().get_context(request), **shown}


class ProductPage(MostlyOpen, Page):
    """What an editor writes about one product. What it costs is the product's own business."""

    # Null: words may be saved before the product exists. Publishing requires it. Not PROTECT:
    # Wagtail cannot open an old revision whose protected product has gone.
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, related_name="pages", verbose_name=_("product")
    )
    summary = models.CharField(
        _("summary"), max_length=200, blank=True, help_text=_("One sentence, shown in lists.")
    )
    body = StreamField(PRODUCT_BLOCKS, blank=True, verbose_name=_("content"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("product"),
        PriceAndStockPanel(heading=_("Price and stock")),
        FieldPanel("summary"),
        InlinePanel("gallery", heading=_("Pictures"), label=_("Picture")),
        FieldPanel("body"),
        InlinePanel(
            "related",
            heading=_("Goes well with"),
            label=_("Product"),
            max_num=8,
            help_text=_("Shown below the page while they can be bought, in this order."),
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
    ]
    parent_page_types = ["products.CategoryPage"]
    subpage_types: list[str] = []
    template = "products/product_page.html"

    class Meta:
        verbose_name = _("product page")
        verbose_name_plural = _("product pages")

    def save(self, *args: Any, **kwargs: Any) -> None:
        from ..finding import keeping  # knows the models, so it cannot load before them

        super().save(*args, **kwargs)
        # Saving a draft writes some fields only, and none that lists show.
        if kwargs.get("update_fields") is None:
            keeping.refresh([self.pk])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from ..browsing import product_context  # knows the models, so it cannot load before them

        return {**super().get_context(request, *args, **kwargs), **product_context(self, request)}

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        from ..previewing.modes import MODES

        return MODES

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from ..previewing.pages import product_preview

        shown = product_preview(self, request, mode_name, at=timezone.now())
        return {**super().get_context(request), **shown}


class ProductPicture(Orderable):
    """One picture of a product page's gallery; the first is the one that lists show."""

    page = ParentalKey(ProductPage, related_name="gallery")
    image = models.ForeignKey(
        "wagtailimages.Image", models.CASCADE, related_name="+", verbose_name=_("picture")
    )
    alt_text = models.CharField(
        _("alternative text"),
        max_length=200,
        help_text=_("What the picture shows, for those who cannot see it."),
    )

    panels = [FieldPanel("image"), FieldPanel("alt_text")]

    class Meta(Orderable.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class RelatedProduct(Orderable):
    """Another product that an editor puts beside a page: the cup to the tea."""

    page = ParentalKey(ProductPage, related_name="related")
    other = models.ForeignKey(
        ProductPage, models.CASCADE, related_name="+", verbose_name=_("product page")
    )

    panels = [PageChooserPanel("other")]

    class Meta(Orderable.Meta):
        verbose_name = _("related product")
        verbose_name_plural = _("related products")
