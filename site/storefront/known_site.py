"""Which of Wagtail's sites a request is for, without a query each time."""

import copy
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject
from wagtail.models import Site
from wagtail.models.sites import get_site_for_hostname

from products import kept


class KnownSite:
    """Puts the site where Wagtail would leave it, with its root page as the model it is of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request._wagtail_site = SimpleLazyObject(lambda: _own_copy(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _own_copy(request: HttpRequest) -> Site | None:
    """Requests run side by side, and Wagtail notes things on the objects it is given."""
    # As Wagtail does: the page that refuses a host has a header and a footer too.
    host = split_domain_port(request._get_raw_host())[0]  # type: ignore[attr-defined]
    if not (site := _site(host, request.get_port())):
        return None
    mine = copy.copy(site)
    mine.root_page = copy.copy(site.root_page)
    return mine


@kept.for_a_moment
def _site(host: str, port: str) -> Site | None:
    try:
        site = get_site_for_hostname(host, port)
    except Site.DoesNotExist:
        return None
    site.root_page = site.root_page.specific
    return site
