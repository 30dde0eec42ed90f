"""The shop itself in the words of schema.org: who sells, and where to search."""

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from invoices.models import Seller
from products import schema_org

from .addresses import absolute
from .terms import returns


def organization() -> schema_org.Thing:
    """An `OnlineStore` with the seller's printed address; without it while that is empty."""
    seller = Seller.objects.first()
    about = {
        "@context": schema_org.CONTEXT,
        "@type": "OnlineStore",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": absolute("/"),
        "logo": absolute(static("img/icon-512.png")),
        "hasMerchantReturnPolicy": returns(),
    }
    if not seller or not seller.name:
        return about
    known = {
        "legalName": seller.name,
        "email": seller.email,
        "telephone": seller.phone,
        "vatID": seller.vat_id,
    }
    return {
        **about,
        **{name: value for name, value in known.items() if value},
        "address": {
            "@type": "PostalAddress",
            "streetAddress": seller.street,
            "postalCode": seller.postcode,
            "addressLocality": seller.city,
            "addressCountry": seller.country,
        },
    }


def web_site() -> schema_org.Thing:
    """A `WebSite`, so that results bear the shop's name, and how to search it."""
    return {
        "@context": schema_org.CONTEXT,
        "@type": "WebSite",
        "name": settings.WAGTAIL_SITE_NAME,
        "url": absolute("/"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": absolute(reverse("search:results")) + "?q={search_term_string}",
            },
            "query-input": "required name=search_term_string",
        },
    }
