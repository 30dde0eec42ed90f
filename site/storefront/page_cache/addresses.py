"""What tells one kept page from another, and the request it is built from."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation

from .desk import is_at_desk

LONGEST = 500  # characters of a query that shoppers' forms and links send


@dataclass(frozen=True)
class Address:
    """Where a page is, of all that may be different for two visitors."""

    scheme: str
    host: str
    path: str
    query: str  # allowed parameters only, in one order
    is_fragment: bool  # htmx asked for a part of the page

    @property
    def is_plain(self) -> bool:
        """Of these there are only as many as pages; queries can be made up without end."""
        return not self.query and not self.is_fragment


def address_of(request: HttpRequest) -> Address | None:
    """None for what is never kept: nothing but the request is looked at, and no query is made."""
    meta = request.META
    if request.method not in ("GET", "HEAD") or getattr(request, "is_dummy", False):
        return None  # a dummy is a preview: a draft at the address of the page
    if "HTTP_AUTHORIZATION" in meta or is_at_desk(request):
        return None
    host = meta.get("HTTP_HOST", "")
    if host not in _hosts() or request.path.startswith(_files()):
        return None
    query = _query(meta.get("QUERY_STRING", ""))
    if len(query) > LONGEST:
        return None
    return Address(request.scheme or "", host, request.path_info, query, _wants_fragment(meta))


def is_shared(path: str) -> bool:
    """Whether a view that is the same for everybody answers there."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):  # the prefix of the active language alone is known
        try:
            return resolve(path).view_name in settings.SHARED_VIEWS
        except Resolver404:
            return False


def as_stranger(request: WSGIRequest, address: Address) -> WSGIRequest:
    """The request as anybody would have sent it: no cookie, no header of this visitor."""
    environ = {name: value for name, value in request.environ.items() if not _is_personal(name)}
    environ |= {"REQUEST_METHOD": "GET", "QUERY_STRING": address.query}
    if address.is_fragment:
        environ["HTTP_HX_REQUEST"] = "true"
    return WSGIRequest(environ)


def _is_personal(name: str) -> bool:
    proxy = settings.SECURE_PROXY_SSL_HEADER
    of_everybody = {"HTTP_HOST", *(proxy or ())[:1]}
    return name.startswith(("HTTP_", "REMOTE_")) and name not in of_everybody


def _query(raw: str) -> str:
    if not raw:
        return ""
    given = QueryDict(raw)
    allowed = {name: given.getlist(name) for name in settings.SHARED_PARAMETERS if name in given}
    return urlencode(sorted(allowed.items()), doseq=True)


def _wants_fragment(meta: dict[str, str]) -> bool:
    """Going back in the browser, htmx asks for the whole page."""
    return (
        meta.get("HTTP_HX_REQUEST") == "true"
        and meta.get("HTTP_HX_HISTORY_RESTORE_REQUEST") != "true"
    )


@cache
def _hosts() -> frozenset[str]:
    """A wildcard would let anybody make up hosts, and any port follows an allowed name."""
    names = {host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))}
    return frozenset({urlsplit(settings.BASE_URL).netloc, *names})


@cache
def _files() -> tuple[str, str]:
    return settings.STATIC_URL, settings.MEDIA_URL
