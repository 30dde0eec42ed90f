"""A shopper who buys through the shop's own pages."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from checkout.models import Order, ShippingMethod, ShippingRate, ShippingZone, TaxRate
from invoices.models import Seller

OURS = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "street": "Lindenstraße 12",
    "postcode": "10969",
    "city": "Berlin",
    "country": "DE",
}


def open_shop() -> ShippingMethod:
    """Sends to Germany for 4.90 (free from 60), to Switzerland for 9.90. German VAT 19 and 7 %."""
    Seller.load()
    home = ShippingZone.objects.create(name="Germany", countries=["DE"])
    abroad = ShippingZone.objects.create(name="Switzerland", countries=["CH"])
    parcel = ShippingMethod.objects.create(name="Parcel", description="2–3 days")
    for zone, price, above in ((home, "4.90", 0), (home, "0", 60), (abroad, "9.90", 0)):
        ShippingRate.objects.create(
            method=parcel, zone=zone, price=Decimal(price), from_subtotal=above
        )
    for tax_class, rate in (("standard", "19"), ("reduced", "7")):
        TaxRate.objects.create(
            tax_class=tax_class, country="DE", rate=rate, valid_from=date(2021, 1, 1)
        )
    return parcel


class Shopper:
    """One browser, from the cart to the payment page."""

    def __init__(self) -> None:
        self.client = Client()

    def add(self, sku: str, quantity: int = 1) -> None:
        self.client.post(reverse("cart:add"), {"sku": sku, "quantity": quantity}, headers=OURS)

    def form(self, **entries: Any) -> dict[str, str]:
        """The checkout form as the page prints it, filled in; `entries` override."""
        page = self.client.get(reverse("checkout:checkout")).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        method = re.search(r'name="shipping_method" value="(\d+)"', page)
        assert method, "no shipping method is offered"
        return {
            **{name: hidden[name] for name in ("key", "seen_total")},
            **ADDRESS,
            "shipping_method": method[1],
            "terms": "on",
            **entries,
        }

    def send(self, form: dict[str, str]) -> Any:
        return self.client.post(reverse("checkout:checkout"), form)

    def place(self, **entries: Any) -> Order:
        """Order what is in the cart; the shopper now stands on the payment page."""
        response = self.send(self.form(**entries))
        assert response.status_code in (302, 303), response.content.decode()
        return Order.objects.get(token=self.client.session["order"])

    def come_back(self, order: Order) -> Any:
        """Return from the payment page as the provider sends the shopper back."""
        attempt = order.attempts.first()
        assert attempt
        return self.client.get(reverse("checkout:return", args=[attempt.key]))
