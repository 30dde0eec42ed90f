"""The guard of the one form that public pages carry without a token."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def from_our_own_pages(view: View) -> View:
    """Lets a POST through only when it comes from one of our pages; others are answered 403.

    In place of the CSRF token, which a page that everybody shares cannot carry. Browsers leave
    Sec-Fetch-Site out on plain HTTP, so Origin and Referer are asked then.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_ours(request):
            return HttpResponseForbidden(
                _("This form was not sent from our shop."), content_type="text/plain"
            )
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def _is_ours(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    if not sender:
        return False
    try:
        parts = urlsplit(sender)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
