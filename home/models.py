"""The landing page and plain content pages."""

from itertools import accumulate
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from products.browsing import pages_above
from products.showing import MostlyOpen

from . import goods
from .blocks import CONTENT_BLOCKS, LANDING_BLOCKS

DEEPEST = 20  # more levels than any shop has; a longer address is somebody playing


class HomePage(MostlyOpen, Page):
    """The shop's front door."""

    body = StreamField(LANDING_BLOCKS, blank=True, verbose_name=_("content"))

    content_panels = [*Page.content_panels, FieldPanel("body")]
    max_count = 1
    subpage_types = ["products.CategoryPage", "home.ContentPage"]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {**context, "goods": goods.shown_by(self.body)}

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a page below by its whole address: two queries, where Wagtail takes two per level.

        Leaves the pages it met on `request.pages_above` for the breadcrumbs.
        """
        if not path_components:
            return super().route(request, path_components)
        met = self._pages_along(path_components[:DEEPEST])
        if len(met) < len(path_components):
            raise Http404
        *above, page = met
        request.pages_above = [self, *(step for step in above if step.live)]  # type: ignore[attr-defined]
        return page.specific.route(request, [])

    def _pages_along(self, slugs: list[str]) -> list[Page]:
        addresses = list(accumulate(slugs, "{0}{1}/".format, initial=self.url_path))
        below = self.get_descendants().filter(slug__in=slugs, url_path__in=addresses[1:])
        return list(below.order_by("depth"))


class ContentPage(MostlyOpen, Page):
    """Terms, delivery, about us: words that sell nothing."""

    intro = models.CharField(_("introduction"), max_length=250, blank=True)
    body = StreamField(CONTENT_BLOCKS, blank=True, verbose_name=_("content"))

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["home.HomePage", "home.ContentPage"]
    subpage_types = ["home.ContentPage"]
    template = "home/content_page.html"

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "breadcrumbs": pages_above(self, request),
            "goods": goods.shown_by(self.body),
        }
