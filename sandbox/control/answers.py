"""Control calls take forms or JSON, and answer JSON to programs and a redirect to people."""

import functools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_http_methods

from sandbox.errors import ApiError

Json = dict[str, Any]
Action = Callable[..., Json]


class Refused(Exception):
    """The call makes no sense; the message says why."""


def action(*methods: str) -> Callable[[Action], Callable[..., HttpResponse]]:
    """Turn a function from values to JSON into a view."""

    def decorate(act: Action) -> Callable[..., HttpResponse]:
        @require_http_methods(methods or ("POST",))
        @functools.wraps(act)
        def view(request: HttpRequest, **path: str) -> HttpResponse:
            if request.headers.get("Sec-Fetch-Site") == "cross-site":
                return JsonResponse({"error": "Not from another site."}, status=403)
            try:
                return _answer(request, act(values(request), **path))
            except ApiError as refusal:
                return _answer(request, {"error": str(refusal)}, refusal.status)
            except Refused as refusal:
                return _answer(request, {"error": str(refusal)}, 400)

        return view

    return decorate


def values(request: HttpRequest) -> dict[str, str]:
    """The values that were sent, all as text, whether in a form, in JSON or in the address."""
    found = {name: str(value) for name, value in request.GET.items()}
    if request.content_type == "application/json" and request.body:
        sent = _json(request.body)
        found |= {name: _text(value) for name, value in sent.items() if value is not None}
    elif request.method == "POST":
        found |= {name: str(value) for name, value in request.POST.items()}
    return found | {"_method": request.method or ""}


def _json(body: bytes) -> Json:
    try:
        sent = json.loads(body)
    except ValueError as problem:
        raise Refused(f"Not JSON: {problem}") from problem
    if not isinstance(sent, dict):
        raise Refused("Send a JSON object.")
    return sent


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _answer(request: HttpRequest, body: Json, status: int = 200) -> HttpResponse:
    by_person = request.method == "POST" and "text/html" in request.headers.get("Accept", "")
    if not by_person:
        return JsonResponse(body, status=status)
    said = body.get("error") or body.get("said") or "Done."
    return HttpResponseRedirect("/?" + urlencode({"said": said}), status=303)


def number(sent: dict[str, str], name: str, default: int | None = None) -> int | None:
    """A whole number, or the default when it is missing or empty."""
    text = sent.get(name, "")
    if text == "":
        return default
    if not text.lstrip("-").isdigit():
        raise Refused(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def choice(sent: dict[str, str], name: str, allowed: tuple[str, ...], default: str = "") -> str:
    """One of the allowed words."""
    word = sent.get(name, default)
    if word not in allowed:
        raise Refused(f"{name} must be one of {', '.join(allowed)}, not {word!r}.")
    return word
