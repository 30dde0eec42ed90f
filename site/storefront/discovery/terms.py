"""What holds for every offer of the shop, in the words of schema.org."""

from typing import Any

from django.conf import settings

from checkout.shipping import Quote, Tariff
from products import schema_org
from products.models import Variant


def terms() -> schema_org.Terms:
    """Who sells, what sending to the shop's own country costs, and how goods are sent back."""
    currency = settings.SHOP_CURRENCY
    tariff = Tariff(currency)
    return schema_org.Terms(
        currency=currency,
        seller={"@type": "Organization", "name": settings.WAGTAIL_SITE_NAME},
        shipping=lambda variant: [
            _shipping(way, currency) for way in ways_to_send(tariff, variant)
        ],
        returns=returns(),
    )


def ways_to_send(tariff: Tariff, variant: Variant) -> list[Quote]:
    """What the checkout would ask at home for a basket with one of it; see `with_any_price`."""
    ways = tariff.quotes(
        country=settings.SHOP_COUNTRY, grams=variant.weight_grams, subtotal=variant.price
    )
    return [way for way in ways if not way.is_pick_up]


def returns() -> dict[str, Any]:
    """The policy of RETURN_DAYS and FREE_RETURNS."""
    who_pays = "FreeReturn" if settings.FREE_RETURNS else "ReturnFeesCustomerResponsibility"
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": settings.SHOP_COUNTRY,
        "returnPolicyCategory": f"{schema_org.CONTEXT}/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": settings.RETURN_DAYS,
        "returnMethod": f"{schema_org.CONTEXT}/ReturnByMail",
        "returnFees": f"{schema_org.CONTEXT}/{who_pays}",
    }


def _shipping(way: Quote, currency: str) -> dict[str, Any]:
    return {
        "@type": "OfferShippingDetails",
        "shippingLabel": way.name,
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": schema_org.amount(way.price, currency),
            "currency": currency,
        },
        "shippingDestination": {
            "@type": "DefinedRegion",
            "addressCountry": settings.SHOP_COUNTRY,
        },
    }
