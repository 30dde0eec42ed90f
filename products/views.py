"""The shop's search. Like the pages of the catalogue, its pages know nothing of the visitor."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from wagtail.models import Page, Site

from .finding import answers, promoting, suggesting, words
from .tasks import record_search


@require_safe
@gzip_page
def search(request: HttpRequest) -> HttpResponse:
    """What answers `?q=`, or help if nothing does. Http404 past the last page."""
    query = words.clean(request.GET.get("q", ""))
    if query and (address := promoting.way_past(query)):
        return redirect(address)
    answer = answers.answer(query, _root(request), request.GET)
    if _is_first_look(request, query):
        # A worker counts it: looking writes nothing.
        record_search.wake(query, answer.found)
    context = {"answer": answer, "list": answer.shown, "currency": settings.SHOP_CURRENCY}
    return render(request, "products/search.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def suggest(request: HttpRequest) -> HttpResponse:
    """A fragment with pages that whoever types `?q=` may be looking for; empty if there is none."""
    query = words.clean(request.GET.get("q", ""))
    found = suggesting.suggestions(query, _root(request))
    return render(request, "products/suggestions.html", {"query": query, "found": found})


def _is_first_look(request: HttpRequest, query: str) -> bool:
    """Turning the pages of a list, or narrowing it, is not another search."""
    return bool(query) and request.method == "GET" and request.GET.keys() <= {"q"}


def _root(request: HttpRequest) -> Page:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site.root_page
