"""Old addresses lead to where a page is now; Wagtail writes them when a slug changes or pages move.

Two pages that swapped their addresses, or one that was renamed back, leave redirects that lead to
each other once the pages are not published: a browser would be sent round for ever.
"""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect


class Redirects(RedirectMiddleware):
    """Answers what is not found with a redirect, if there is one and it ends somewhere."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        if answer is response or not _goes_round(request, answer.url):
            return answer
        return response


def _goes_round(request: HttpRequest, address: str) -> bool:
    met = {Redirect.normalise_path(request.get_full_path())}
    while (path := _path_here(request, address)) not in met:
        step = path and get_redirect(request, path)
        # A live page is served, whatever once led away from its address.
        if not step or not step.link or (step.redirect_page and step.redirect_page.live):
            return False
        met.add(path)
        address = step.link
    return True


def _path_here(request: HttpRequest, address: str) -> str:
    """The path as redirects store it; empty if it is on another host."""
    parts = urlsplit(address)
    if parts.netloc not in ("", request.get_host()):
        return ""
    return Redirect.normalise_path(parts._replace(scheme="", netloc="").geturl())
