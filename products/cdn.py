"""Telling a cache in front of the shop, such as a CDN, which addresses to ask for again.

Only if one is configured. A worker does the telling, after the commit; what is lost on the way the
cache finds out by itself when its minute is over.
"""

from collections.abc import Iterable

from django.conf import settings
from wagtail.contrib.frontend_cache.utils import get_backends
from wagtail.models import Page

from .models import ProductPage
from .showing import shown


def forget_variants(variant_ids: Iterable[int]) -> None:
    """Of all pages that sell these, and the pages above them, which list them."""
    if settings.WAGTAILFRONTENDCACHE:
        from .tasks import purge_variants

        purge_variants.wake(sorted(variant_ids))


def forget_pages(pages: Iterable[Page]) -> None:
    """Of these pages and those above. Their addresses are taken now: they may be about to go."""
    if settings.WAGTAILFRONTENDCACHE:
        from .tasks import purge

        purge.wake(sorted(addresses_along(pages)))


def addresses_of(variant_ids: list[int]) -> list[str]:
    """Where these variants are shown."""
    pages = shown(ProductPage.objects.filter(product__variants__in=variant_ids)).distinct()
    return sorted(addresses_along(pages))


def addresses_along(pages: Iterable[Page]) -> set[str]:
    """Of each page and every page above it that has an address."""
    steps = (step for page in pages for step in (page, *page.get_ancestors()))
    return {step.full_url for step in steps} - {None}


def purge(urls: list[str]) -> None:
    """Ask every configured cache; for workers, it takes as long as the network does."""
    for backend in get_backends().values():
        backend.purge_batch(urls)
