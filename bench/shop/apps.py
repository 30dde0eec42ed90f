"""Puts the payment page that costs nothing in Stripe's place, and lets one address order often."""

from django.apps import AppConfig


class BenchShop(AppConfig):
    name = "bench.shop"

    def ready(self) -> None:
        from limits import RateLimitItemPerHour

        from cart import limiting
        from checkout import gateways
        from checkout.views import ordering

        gateways.GATEWAYS["stripe"] = "bench.shop.gateway.FreePage"
        ordering.ORDERS = limiting.Limit("orders", RateLimitItemPerHour(1_000_000))
