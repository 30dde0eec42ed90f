"""The landing page and plain content pages."""

import copy
from collections.abc import Collection
from itertools import accumulate
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from products import freshness, kept
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
        """Find a page below by its whole address: one query, where Wagtail takes two per level.

        Leaves the pages it met on `request.pages_above` for the breadcrumbs.
        """
        if not path_components:
            return super().route(request, path_components)
        if len(path_components) > DEEPEST:
            raise Http404
        addresses = tuple(accumulate(path_components, "{0}{1}/".format, initial=self.url_path))
        # Copies: requests run side by side, and Wagtail notes things on the pages it is given.
        *above, page = map(copy.copy, _pages_along([addresses])[addresses])
        request.pages_above = [self, *above]  # type: ignore[attr-defined]
        try:
            found = page.specific
        except ObjectDoesNotExist as error:  # deleted just now
            raise Http404 from error
        if found.url_path != addresses[-1]:  # moved just now
            raise Http404
        return found.route(request, [])


@kept.each_while(freshness.generation)
def _pages_along(ways: Collection[tuple[str, ...]]) -> dict[tuple[str, ...], list[Page]]:
    """The live pages above, and the last one, of one way: the addresses of all its pages.

    Kept while they are fresh. Made-up addresses are not kept, as there is no end of them.
    """
    (addresses,) = ways
    below = addresses[1:]
    slugs = {address.rstrip("/").rpartition("/")[2] for address in below}
    along = Page.objects.filter(slug__in=slugs, url_path__in=below).order_by("depth")
    met = list(along)
    if len(met) < len(below):
        raise Http404
    *above, page = met
    return {addresses: [*(step for step in above if step.live), page]}


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
