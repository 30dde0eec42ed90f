"""A shopper who buys through the shop's own pages."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client
from django.urls import reverse

from checkout.models import Order, ShippingMethod, ShippingRate, ShippingZone, TaxRate
from invoices.models import Seller
from tests.fixtures.sandbox import Sandbox

WORKS = "4242424242424242"
OURS = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Lovelace",
    "street": "Lindenstraße 12",
    "postcode": "10969",
    "city": "Berlin",
    "country": "DE",
}


def open_shop(*, france: bool = False) -> ShippingMethod:
    """Sends to Germany for 4.90 (free from 60), to Switzerland for 9.90. German VAT 19 and 7 %.

    `france`: there for 9.90 too, at 20 and 5.5 %.
    """
    Seller.load()
    home = ShippingZone.objects.create(name="Germany", countries=["DE"])
    countries = ["CH", "FR"] if france else ["CH"]
    abroad = ShippingZone.objects.create(name="Abroad", countries=countries)
    parcel = ShippingMethod.objects.create(name="Parcel", description="2–3 days")
    for zone, price, above in ((home, "4.90", 0), (home, "0", 60), (abroad, "9.90", 0)):
        ShippingRate.objects.create(
            method=parcel, zone=zone, price=Decimal(price), from_subtotal=above
        )
    enter_rates("DE", standard="19", reduced="7")
    if france:
        enter_rates("FR", standard="20", reduced="5.5")
    return parcel


def enter_rates(country: str, **rates: str) -> None:
    """VAT of a country by tax class, in force since 2021."""
    for tax_class, rate in rates.items():
        TaxRate.objects.create(
            tax_class=tax_class, country=country, rate=rate, valid_from=date(2021, 1, 1)
        )


def order_tea(shopper: "Shopper") -> Order:
    """12.50 and 4.90 shipping, yet to be paid."""
    shopper.add("TEA-100")
    return shopper.place()


def buy_tea(sandbox: Sandbox, shopper: "Shopper", card: str = WORKS) -> Order:
    """A paid order of 17.40."""
    order = shopper.pay(order_tea(shopper), sandbox, card)
    assert order.status == Order.Status.PAID
    return order


def order_events(order: Order) -> list[str]:
    """The kinds of what has happened to it, in order."""
    return list(order.events.values_list("kind", flat=True))


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

    def refreshed(self, form: dict[str, str]) -> dict[str, str]:
        """The form after its update button: shipping and total follow what was entered."""
        answer = self.client.post(reverse("checkout:checkout"), {**form, "refresh": "1"})
        page = answer.content.decode()
        total = re.search(r'name="seen_total" value="([^"]*)"', page)
        assert total, "nothing is offered"
        method = re.search(r'name="shipping_method" value="(\d+)"[^>]* checked', page)
        return {**form, "seen_total": total[1], "shipping_method": method[1] if method else ""}

    def send(self, form: dict[str, str]) -> Any:
        return self.client.post(reverse("checkout:checkout"), form)

    def place(self, **entries: Any) -> Order:
        """Order what is in the cart; the shopper now stands on the payment page."""
        form = self.form(**entries)
        decides = {"country", "postcode", "vat_id", "shipping_method"} & entries.keys()
        response = self.send(self.refreshed(form) if decides else form)
        assert response.status_code in (302, 303), response.content.decode()
        return Order.objects.get(token=self.client.session["order"])

    def come_back(self, order: Order) -> Any:
        """Return from the payment page as the provider sends the shopper back."""
        attempt = order.attempts.first()
        assert attempt
        return self.client.get(reverse("checkout:return", args=[attempt.key]))

    def pay(self, order: Order, sandbox: Sandbox, card: str = WORKS) -> Order:
        """Pay on the payment page and come back. Returns the order as it is then."""
        sandbox.pay(order.attempts.get().reference, card=card)
        self.come_back(order)
        order.refresh_from_db()
        return order
