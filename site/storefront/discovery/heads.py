"""What the head of a page tells machines: whether to list it, under which address, with what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from home.models import HomePage
from products import schema_org
from products.models import ProductPage

from . import previews
from .addresses import absolute, of
from .organization import organization, web_site
from .terms import terms

LISTED, HIDDEN = "max-image-preview:large", "noindex"
# Ways that everybody has, whatever is on them: listed as one page each, without what was asked for.
# With what search engines say of each.
LISTED_VIEWS = {
    "search:results": _("Search everything in the shop by name, kind or number."),
    "cart:show": _("What you have chosen, at the prices of right now. Shipping is added later."),
    "checkout:checkout": _("Order as a guest, without an account: address, delivery and payment."),
}
LONGEST = 160  # characters of a description; search engines cut there


@dataclass(frozen=True)
class Head:
    """Everything but the title in the browser's tab. `data` are things of schema.org."""

    robots: str
    title: str = ""
    description: str = ""
    canonical: str = ""
    kind: str = "website"
    picture: previews.Picture | None = None
    data: list[schema_org.Thing] = field(default_factory=list)


def head(context: Mapping[str, Any]) -> Head:
    """The head of whatever is rendered with `context`.

    What is neither a page nor one of `LISTED_VIEWS` (an order, an error) is nobody's search result.
    """
    request, page = context.get("request"), context.get("page")
    if request is None or not isinstance(page, Page) or not (url := of(page, request)):
        return _of_view(request)
    # Other orders and narrower choices show what the whole list shows.
    narrowed = getattr(context.get("list"), "is_narrowed", False)
    return Head(
        robots=HIDDEN if narrowed else LISTED,
        title=page.seo_title or page.title,
        description=description(page),
        canonical=url if narrowed else url + _number(context),
        kind="product" if isinstance(page, ProductPage) else "website",
        picture=previews.first(context),
        data=list(_data(page, request, context)),
    )


def _of_view(request: HttpRequest | None) -> Head:
    name = getattr(getattr(request, "resolver_match", None), "view_name", "")
    if name not in LISTED_VIEWS:
        return Head(HIDDEN)
    return Head(
        LISTED,
        title=settings.WAGTAIL_SITE_NAME,
        description=str(LISTED_VIEWS[name]),
        canonical=absolute(reverse(name)),
    )


def description(page: Page) -> str:
    """What the editor wrote for search engines, or else the first words of the page."""
    words = page.search_description or getattr(page, "summary", "") or getattr(page, "intro", "")
    if not words and hasattr(page, "body"):
        words = " ".join(page.body.stream_block.get_searchable_content(page.body))
    # A space where a tag was: two paragraphs are not one word.
    plain = " ".join(strip_tags(words.replace("<", " <")).split())
    return Truncator(plain).chars(LONGEST)


def _number(context: Mapping[str, Any]) -> str:
    """The second page of a list is a page of its own."""
    number = getattr(context.get("paginated"), "number", 1)
    return f"?page={number}" if number > 1 else ""


def _data(
    page: Page, request: HttpRequest, context: Mapping[str, Any]
) -> Iterator[schema_org.Thing]:
    if isinstance(page, HomePage):
        yield from (organization(), web_site())
    if above := context.get("breadcrumbs"):
        steps = [(step.title, of(step, request)) for step in above]
        yield schema_org.breadcrumbs(steps, page.title)
    if isinstance(page, ProductPage) and (variants := context.get("variants")):
        pictures = {key: picture.url for key, picture in previews.gallery(context).items()}
        words = schema_org.Words(page.title, description(page), of(page, request), pictures)
        yield schema_org.product(words, context["product"], variants, terms())
