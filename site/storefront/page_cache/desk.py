"""The cookie `desk`: whoever may enter the admin sees pages as they are, with an editor's tools.

It only passes the page cache by and proves nothing: who forges one gets slower pages.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse

COOKIE = "desk"


def is_at_desk(request: HttpRequest) -> bool:
    """Reads the cookies only if the name occurs in them."""
    return COOKIE in request.META.get("HTTP_COOKIE", "") and COOKIE in request.COOKIES


class DeskCookie:
    """Sets the cookie with the answer that signs somebody in, and removes it at the sign-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        at_desk = getattr(request, "at_desk", None)
        if at_desk:
            self._set(response, request)
        elif at_desk is False:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response

    def _set(self, response: HttpResponse, request: HttpRequest) -> None:
        for_now = request.session.get_expire_at_browser_close()
        response.set_cookie(
            COOKIE,
            "1",
            max_age=None if for_now else request.session.get_expiry_age(),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def watch() -> None:
    """Once per process."""
    user_logged_in.connect(_signed_in, dispatch_uid="desk")
    user_logged_out.connect(_signed_out, dispatch_uid="desk")


def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    request.at_desk = user.has_perm("wagtailadmin.access_admin")  # type: ignore[attr-defined]


def _signed_out(request: HttpRequest, **_: Any) -> None:
    request.at_desk = False  # type: ignore[attr-defined]
