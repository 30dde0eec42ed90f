"""The sitemap: every page that everybody may see, with its picture.

https://www.sitemaps.org/protocol.html allows 50,000 addresses in a file; so many are built at once,
and small enough for the page cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from products.models import CategoryPage, ProductPicture
from products.showing import shown

from .addresses import absolute, of

PER_FILE = 2000


@dataclass(frozen=True)
class Entry:
    """One page. Addresses are absolute."""

    url: str
    changed_at: datetime | None
    picture: str


def files(request: HttpRequest) -> int:
    """How many files it takes; one at least."""
    return max(1, -(-_pages(request).count() // PER_FILE))


def entries(request: HttpRequest, number: int) -> Iterator[Entry]:
    """What stands in the file of that number, counted from 1."""
    gallery = ProductPicture.objects.filter(page=OuterRef("pk")).order_by("sort_order", "pk")
    shelf = CategoryPage.objects.filter(pk=OuterRef("pk"))
    pages = _pages(request).annotate(
        first_picture=Subquery(gallery.values("image__file")[:1]),
        shelf_picture=Subquery(shelf.values("image__file")[:1]),
    )
    for page in pages[(number - 1) * PER_FILE : number * PER_FILE]:
        file = page.first_picture or page.shelf_picture
        picture = absolute(default_storage.url(file)) if file else ""
        yield Entry(of(page, request), page.last_published_at, picture)


def _pages(request: HttpRequest) -> PageQuerySet:
    site = Site.find_for_request(request)
    if site is None:
        return Page.objects.none()
    return shown(Page.objects.descendant_of(site.root_page, inclusive=True)).order_by("path")
