"""A page that is kept: what is stored of an answer, and the answers made of it."""

import base64
import gzip
import hashlib
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

FRESH_FOR = 300  # seconds: ends a page whose change nobody told, as when a process died
LARGEST = 1_000_000  # bytes

# Browsers ask each time and mostly hear 304. A CDN may keep a page for a minute, and show it for
# another one while it asks: longer than that no price is wrong there, even if nobody purges it.
PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=60"
# Not every CDN heeds `Vary: HX-Request`; a fragment in place of a page would be ugly.
FRAGMENT = "private, max-age=0"
VARY = "Accept-Encoding, HX-Request"

# Visitors differ in these, but the page was built without them.
HARMLESS = {"cookie", "accept-encoding", "accept-language", "hx-request"}
# Of this request or written anew for each.
NOT_KEPT = {"vary", "cache-control", "expires", "content-length", "etag", "date"}


@dataclass(frozen=True)
class KeptPage:
    """The words of a page, compressed, and the generation they belong to."""

    generation: int
    built_at: float  # seconds since the epoch: processes share it
    etag: str
    headers: dict[str, str]
    brotli: bytes
    gzip: bytes

    @classmethod
    def of(cls, response: HttpResponse, generation: int) -> "KeptPage":
        body = response.content
        return cls(
            generation=generation,
            built_at=time.time(),
            etag=f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
            headers={k: v for k, v in response.items() if k.lower() not in NOT_KEPT},
            brotli=brotli.compress(body, quality=5),
            gzip=gzip.compress(body, compresslevel=6, mtime=0),
        )

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        return len(self.brotli) + len(self.gzip) + 2000

    def is_fresh(self, generation: int) -> bool:
        return self.generation == generation and 0 <= time.time() - self.built_at < FRESH_FOR

    def answer(self, request: HttpRequest, *, fragment: bool = False) -> HttpResponse:
        """For GET or HEAD; 304 if the browser has these very words."""
        response = self._not_modified(request) or self._whole(request)
        for name, value in self.headers.items():
            response.headers[name] = value
        response.headers["ETag"] = self.etag
        response.headers["Vary"] = VARY
        response.headers["Cache-Control"] = FRAGMENT if fragment else PUBLIC
        return response

    def _not_modified(self, request: HttpRequest) -> HttpResponse | None:
        known = request.META.get("HTTP_IF_NONE_MATCH")
        if not known:
            return None
        tags = parse_etags(known)
        if tags == ["*"] or any(tag.removeprefix("W/") == self.etag[2:] for tag in tags):
            return HttpResponseNotModified()
        return None

    def _whole(self, request: HttpRequest) -> HttpResponse:
        encoding = preferred(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        body = self._body(encoding)
        response = HttpResponse(b"" if request.method == "HEAD" else body)
        response.headers["Content-Length"] = str(len(body))
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response

    def _body(self, encoding: str) -> bytes:
        if encoding == "br":
            return self.brotli
        return self.gzip if encoding == "gzip" else gzip.decompress(self.gzip)

    def as_json(self) -> dict[str, Any]:
        texts = {
            name: base64.b64encode(getattr(self, name)).decode() for name in ("brotli", "gzip")
        }
        return {**vars(self), **texts}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "KeptPage":
        bodies = {name: base64.b64decode(stored[name]) for name in ("brotli", "gzip")}
        return cls(**{**stored, **bodies})


def may_be_kept(response: HttpResponse) -> bool:
    """Whether the answer is the same for everybody, and good for more than this moment."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and not _directives(response, "Cache-Control") & {"private", "no-store", "no-cache"}
        and _directives(response, "Vary") <= HARMLESS
        and "'nonce-" not in response.headers.get("Content-Security-Policy", "")
        and len(response.content) <= LARGEST
    )


def _directives(response: HttpResponse, header: str) -> set[str]:
    words = response.headers.get(header, "").lower().split(",")
    return {word.split("=")[0].strip() for word in words} - {""}


@lru_cache(maxsize=512)
def preferred(accepted: str) -> str:
    """The best of our encodings that `Accept-Encoding` names; empty: as it is."""
    names = set()
    for choice in accepted.lower().split(","):
        name, _, quality = choice.partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            names.add(name.strip())
    return next((encoding for encoding in ("br", "gzip") if encoding in names), "")
