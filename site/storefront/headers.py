"""What browsers are told a page may do: the policies of the shop and of the desk."""

import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

STRIPE_CHECKOUT = "https://checkout.stripe.com"
OTHERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders(MiddlewareMixin):
    """Adds the policy that fits, unless the answer brings its own."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        for name, value in OTHERS.items():
            response.headers.setdefault(name, value)
        # Django's own pages for developers have their style in them.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault(HEADER, _policy(request, response))
        return response


def _policy(request: HttpRequest, response: HttpResponse) -> str:
    if _is_of_the_desk(request):
        return desk_policy()
    return error_policy() if response.status_code == 500 else shop_policy()


@cache
def shop_policy() -> str:
    """Our own files only; nothing inline, so that no nonce stands in a page that is kept."""
    return _written()


@cache
def error_policy() -> str:
    """The page of a broken shop brings its style along, known by its hash."""
    source = Path(settings.BASE_DIR, "templates/500.html").read_text()
    style = re.search("<style>(.*?)</style>", source, re.DOTALL)
    digest = b64encode(sha256(style[1].encode()).digest()).decode() if style else ""
    return _written({"style-src": [SELF, f"'sha256-{digest}'"]})


@cache
def desk_policy() -> str:
    """Wagtail's editor writes scripts and styles into its pages, and shows previews in frames."""
    return _written(
        {
            "script-src": [SELF, UNSAFE_INLINE],
            "style-src": [SELF, UNSAFE_INLINE],
            "img-src": [SELF, "data:", "blob:"],
            "font-src": [SELF, "data:"],
            "frame-src": [SELF],
            "frame-ancestors": [SELF],
        }
    )


def _written(differently: Mapping[str, list[str]] = MappingProxyType({})) -> str:
    policy = {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *_payment_pages()],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
    return build_policy(config={**policy, **differently})


def _is_of_the_desk(request: HttpRequest) -> bool:
    """A preview is a page of the shop, asked for by the editor."""
    is_preview = getattr(request, "is_dummy", False)
    return is_preview or request.path_info.startswith(reverse("wagtailadmin_home"))


def _payment_pages() -> list[str]:
    """Browsers hold the redirect that follows a form against `form-action` too."""
    if settings.STRIPE_API_BASE:
        sandbox = urlsplit(settings.STRIPE_API_BASE)
        return [STRIPE_CHECKOUT, f"{sandbox.scheme}://{sandbox.netloc}"]
    return [STRIPE_CHECKOUT]
