"""Puts the payment page that costs nothing in Stripe's place."""

from django.apps import AppConfig


class BenchShop(AppConfig):
    name = "bench.shop"

    def ready(self) -> None:
        from checkout import gateways

        gateways.GATEWAYS["stripe"] = "bench.shop.gateway.FreePage"
