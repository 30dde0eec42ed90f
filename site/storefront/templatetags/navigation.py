"""`{% load navigation %}`: the shop's name, and what header and footer lead to."""

from dataclasses import dataclass

from django import template
from django.conf import settings
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
    """The pages right below the home page that editors put in menus."""

    categories: tuple[Link, ...] = ()
    content: tuple[Link, ...] = ()


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
    return _menus(site.pk) if site else Navigation()


@kept.for_a_moment
def _menus(site_id: int) -> Navigation:
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
