"""The first middleware: public pages are answered before session, language or a view wake up."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from products import freshness

from .addresses import Address, address_of, as_stranger, is_shared
from .keeping import Shelf
from .pages import KeptPage, may_be_kept
from .rebuilding import Rebuilding

# Seconds in which visitors may still get a page from before a change, while one request makes it
# anew. With the interval at which `freshness` asks, a change is seen within one second.
GRACE = 0.5


class PageCache:
    """Answers from what is kept; builds and keeps what is the same for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.shelf = Shelf()
        self.rebuilding = Rebuilding()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = address_of(request)
        if address is None:
            return self._for_one(request)
        page = self.shelf.memory.get(address)
        if page is None and not is_shared(address.path):
            return self._for_one(request)
        generation = freshness.generation()
        if page is None or not page.is_fresh(generation):
            page = self.shelf.newest(address)
            if page is None or self._must_build(address, page, generation):
                return self._build(request, address, generation)
        return page.answer(request, fragment=address.is_fragment)

    def _must_build(self, address: Address, page: KeptPage, generation: int) -> bool:
        if page.is_fresh(generation):
            return False
        is_changed = page.generation != generation
        if is_changed and freshness.learned_ago() > GRACE:
            return True
        return self.rebuilding.claim(address)

    def _build(self, request: HttpRequest, address: Address, generation: int) -> HttpResponse:
        try:
            response = self.get_response(as_stranger(cast(WSGIRequest, request), address))
            if may_be_kept(response):
                page = KeptPage.of(response, generation)
                self.shelf.put(address, page)
                return page.answer(request, fragment=address.is_fragment)
        finally:
            self.rebuilding.done(address)
        if request.COOKIES and response.status_code in (200, 302):
            # Closed to strangers, but perhaps not to this visitor.
            return self._for_one(request)
        return _kept_by_nobody(response)

    def _for_one(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(settings.MEDIA_URL):
            return response
        match = getattr(request, "resolver_match", None)
        is_personal = match is not None and match.view_name in settings.SHARED_VIEWS
        return _kept_by_nobody(response, whatever_it_says=is_personal)


def _kept_by_nobody(response: HttpResponse, *, whatever_it_says: bool = False) -> HttpResponse:
    """Answers that do not say how long they may be kept are one visitor's, and of this moment.

    A shared page that was not built for everybody is, whatever it says.
    """
    if whatever_it_says or not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_store=True)
    return response
