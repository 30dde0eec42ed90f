"""`{% load navigation %}`: the shop's name, and what header and footer lead to."""

from dataclasses import dataclass, field

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page, Site

from home.models import ContentPage
from products import kept
from products.models import CategoryPage
from products.showing import shown

register = template.Library()


@dataclass(frozen=True)
class Link:
    """A page in a menu. `path` is its place in the tree."""

    title: str
    url: str
    slug: str
    path: str


@dataclass(frozen=True)
class Navigation:
    """The pages right below the home page that editors put in menus, and what is made of them.

    The HTML is made for no request, so nothing of a visitor can be in it; it ends with the menus.
    """

    categories: tuple[Link, ...] = ()
    content: tuple[Link, ...] = ()
    _headers: dict[tuple[str, bool], SafeString] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def footer(self) -> SafeString:
        shown = {"categories": self.categories, "pages": self.content}
        return render_to_string("components/site_footer.html", shown)

    @cached_property
    def promises(self) -> SafeString:
        return render_to_string("components/promises.html", {"pages": self.content})

    def header(self, current: str, *, is_search: bool) -> SafeString:
        """`current`: the path of the page that is open. All that are in no menu share a header."""
        key = (current if any(each.path == current for each in self.categories) else "", is_search)
        if key not in self._headers:
            shown = {"categories": self.categories, "current": key[0], "is_search": is_search}
            self._headers[key] = render_to_string("components/site_header.html", shown)
        return self._headers[key]


@register.simple_tag
def shop_name() -> str:
    return settings.WAGTAIL_SITE_NAME


@register.simple_tag
def return_days() -> int:
    """How many days shoppers have to send something back."""
    return settings.RETURN_DAYS


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> Navigation:
    """Categories for the header, content pages for the footer. Mostly without a query."""
    site = Site.find_for_request(context.get("request"))
    return _menus(site.pk, get_language()) if site else Navigation()


@register.simple_tag
def site_header(menus: Navigation, current: str = "", *, is_search: bool = False) -> SafeString:
    """`{% site_header nav page.path %}`, in which a search has no second search box."""
    return menus.header(current, is_search=is_search)


@kept.for_a_moment
def _menus(site_id: int, _language: str | None) -> Navigation:
    """In the language that is active."""
    site = Site.objects.select_related("root_page").get(pk=site_id)
    pages = list(shown(Page.objects.child_of(site.root_page).in_menu()))
    return Navigation(
        categories=_links(pages, CategoryPage, site), content=_links(pages, ContentPage, site)
    )


def _links(pages: list[Page], kind: type[Page], site: Site) -> tuple[Link, ...]:
    return tuple(
        Link(page.title, page.get_url(current_site=site) or "", page.slug, page.path)
        for page in pages
        if page.specific_class is kind
    )
