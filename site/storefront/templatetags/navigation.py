"""`{% load navigation %}`: the shop's name, and what header and footer lead to."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page, Site

from home.models import ContentPage
from products.models import CategoryPage
from products.showing import shown

register = template.Library()


@dataclass(frozen=True)
class Navigation:
    """The pages right below the home page that editors put in menus."""

    categories: list[Page]
    content: list[Page]


@register.simple_tag
def shop_name() -> str:
    return settings.WAGTAIL_SITE_NAME


@register.simple_tag
def return_days() -> int:
    """How many days shoppers have to send something back."""
    return settings.RETURN_DAYS


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> Navigation:
    """Categories for the header, content pages for the footer. One query."""
    request = context.get("request")
    pages = _top_pages(request) if request else []
    return Navigation(
        categories=[page for page in pages if page.specific_class is CategoryPage],
        content=[page for page in pages if page.specific_class is ContentPage],
    )


def _top_pages(request: HttpRequest) -> list[Page]:
    site = Site.find_for_request(request)
    if not site:
        return []
    return list(shown(Page.objects.child_of(site.root_page).in_menu()))
