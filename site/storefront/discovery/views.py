"""The files that machines ask for. They are the same for everybody and set no cookie."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from checkout.shipping import Tariff
from products import merchant_feed
from products.models import Variant

from . import sitemaps
from .addresses import absolute
from .overview import overview
from .terms import ways_to_send

CLOSED = ("/admin/", "/orders/", "/payments/")
PLAIN = "text/plain; charset=utf-8"

public = cache_control(public=True, max_age=3600)


@require_safe
@public
def robots(request: HttpRequest) -> HttpResponse:
    """Where machines need not look. No secret: whatever is private asks who is there."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type=PLAIN)


@require_safe
@public
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of the sitemap's files."""
    numbers = range(1, sitemaps.files(request) + 1)
    urls = [absolute(f"/sitemap-{number}.xml") for number in numbers]
    return render(request, "discovery/sitemap_index.xml", {"urls": urls}, "application/xml")


@require_safe
@public
def sitemap(request: HttpRequest, number: int) -> HttpResponse:
    """One file of it. Http404 past the last."""
    if not 1 <= number <= sitemaps.files(request):
        raise Http404
    entries = sitemaps.entries(request, number)
    return render(request, "discovery/sitemap.xml", {"entries": entries}, "application/xml")


@require_safe
@public
def products(request: HttpRequest) -> HttpResponseBase:
    """The merchant feed, written while it is sent: a large catalogue needs no more memory."""
    tariff = Tariff(settings.SHOP_CURRENCY)

    def shipping(variant: Variant) -> Iterator[tuple[str, Decimal]]:
        return ((way.name, way.price) for way in ways_to_send(tariff, variant))

    shop = merchant_feed.Shop(
        name=settings.WAGTAIL_SITE_NAME,
        currency=settings.SHOP_CURRENCY,
        country=settings.SHOP_COUNTRY,
        absolute=absolute,
        shipping=shipping,
    )
    return StreamingHttpResponse(merchant_feed.feed(shop), content_type="application/xml")


@require_safe
@public
def llms(request: HttpRequest) -> HttpResponse:
    """What the shop is and has, in a page of Markdown for language models (llmstxt.org)."""
    return render(request, "discovery/llms.txt", overview(request), PLAIN)


@require_safe
@public
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, colours and icon of the shop on a home screen."""
    sizes = (192, 512)
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in sizes
    ]
    about = {
        "name": settings.WAGTAIL_SITE_NAME,
        "start_url": "/",
        "display": "browser",
        "background_color": "#fbfaf6",
        "theme_color": "#2c5a41",
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")
