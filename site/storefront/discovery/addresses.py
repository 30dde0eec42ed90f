"""Absolute addresses. They begin with the shop's own, never with the Host header."""

from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page


def absolute(path: str) -> str:
    """The address of a path of the shop; what is an address already, of a file elsewhere, stays."""
    return urljoin(f"{settings.BASE_URL}/", path)


def of(page: Page, request: HttpRequest) -> str:
    """Where a page is to be found. Empty for a draft that lies nowhere yet."""
    path = page.get_url(request)
    return absolute(path) if path else ""
