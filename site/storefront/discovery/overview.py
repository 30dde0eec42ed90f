"""The shop on one page, for machines that read."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page, Site

from home.models import ContentPage
from products.models import CategoryPage
from products.showing import shown

from .addresses import absolute, of
from .heads import description


@dataclass(frozen=True)
class Link:
    """A page in a list. `url` is absolute."""

    title: str
    url: str
    about: str


def overview(request: HttpRequest) -> dict[str, Any]:
    """Name, description, shelves and pages of the shop, and where the complete lists are."""
    site = Site.find_for_request(request)
    root = site.root_page if site else Page.get_first_root_node()
    return {
        "name": settings.WAGTAIL_SITE_NAME,
        "about": description(root.specific),
        "categories": _links(CategoryPage.objects.descendant_of(root), request),
        "pages": _links(ContentPage.objects.descendant_of(root), request),
        "feed": absolute("/feeds/products.xml"),
        "sitemap": absolute("/sitemap.xml"),
    }


def _links(pages: Any, request: HttpRequest) -> list[Link]:
    return [
        Link(page.title, of(page, request), description(page))
        for page in shown(pages).order_by("path")
    ]
