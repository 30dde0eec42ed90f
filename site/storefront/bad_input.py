"""Requests no form could have sent are answered 400 before anything reads them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest


class RefuseUnreadableInput:
    """Refuses NUL bytes in path and query, which PostgreSQL cannot store or compare.

    Form fields refuse them by themselves (ProhibitNullCharactersValidator).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "\0" in query or "%00" in query:
            return HttpResponseBadRequest("This address cannot be read.", content_type="text/plain")
        return self.get_response(request)
