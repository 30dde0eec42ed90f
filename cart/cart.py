"""The cart keeps SKUs, quantities and a coupon code in the session; the catalogue keeps prices."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from products import catalogue
from products.catalogue import Offer

from . import coupons
from .coupons import Discount
from .lines import CartLine
from .sessions import SessionStore

SESSION_KEY = "cart"
COUPON_KEY = "coupon"  # the code this visitor wants used
CLAIMED_KEY = "coupon_claimed"  # the code that this visitor's unpaid order has used
MAX_PER_LINE = 99
MAX_LINES = 50  # the payment provider takes 100 at most


class NotForSale(Exception):
    """There is no such SKU, or it is not sold now."""


class TooMany(Exception):
    """More than a line or a cart may hold; the message says which limit."""


class Cart:
    """One visitor's cart at one moment. Reading it writes nothing and starts no session."""

    def __init__(
        self, session: SessionBase, *, currency: str | None = None, at: datetime | None = None
    ) -> None:
        self._session = cast(SessionStore, session)  # SESSION_ENGINE names ours
        self.currency = currency or settings.SHOP_CURRENCY
        self.at = at or timezone.now()

    def add(self, sku: str, quantity: int) -> None:
        """Put so many more into the cart. Raises NotForSale or TooMany and changes nothing."""
        offer = catalogue.offers([sku], currency=self.currency).get(sku)
        if offer is None:
            raise NotForSale(sku)

        def added(stored: dict[str, Any] | None) -> dict[str, Any]:
            wanted = dict(stored or {})
            before = wanted.get(sku, {}).get("quantity", 0)
            if before + quantity > MAX_PER_LINE:
                raise TooMany("line")
            if len(wanted.keys() | {sku}) > MAX_LINES:
                raise TooMany("cart")
            wanted[sku] = _entry(offer, before + quantity)
            return wanted

        self._change(added)

    def set_quantity(self, sku: str, quantity: int) -> None:
        """Want exactly so many; 0 takes the line out. The shopper has seen the price of right now.

        Raises TooMany; a SKU that is not in the cart is left out of it.
        """
        if quantity > MAX_PER_LINE:
            raise TooMany("line")
        offer = catalogue.offers([sku], currency=self.currency).get(sku)

        def updated(stored: dict[str, Any] | None) -> dict[str, Any]:
            wanted = dict(stored or {})
            if sku in wanted and quantity and offer:
                wanted[sku] = _entry(offer, quantity)
            else:
                wanted.pop(sku, None)
            return wanted

        self._change(updated)

    def acknowledge(self) -> None:
        """The shopper has read what changed: take the new prices, drop what is gone."""
        offers = {line.offer.sku: line.offer for line in self.lines}
        gone = self._wanted.keys() - offers.keys()

        def accepted(stored: dict[str, Any] | None) -> dict[str, Any]:
            return {
                sku: _entry(offers[sku], entry["quantity"]) if sku in offers else entry
                for sku, entry in (stored or {}).items()
                if sku not in gone
            }

        self._change(accepted)

    def empty_if_equal(self, quantities: Mapping[str, int]) -> None:
        """Forget the lines if they are still what `quantities` (by SKU) says.

        What could not be bought was not ordered, and does not keep what was.
        """
        sold = {line.offer.sku for line in self.lines}

        def emptied(stored: dict[str, Any] | None) -> dict[str, Any]:
            wanted = stored or {}
            same = {
                sku: entry["quantity"]
                for sku, entry in wanted.items()
                if sku in sold or sku in quantities
            }
            return {} if same == dict(quantities) else wanted

        if self._wanted:
            self._change(emptied)

    def apply_coupon(self, code: str) -> None:
        """Want this code (as `codes.tidied` spells it) used, in place of the one before.

        Raises `coupons.DoesNotApply` and changes nothing. What is over, used up or switched off
        is answered as what never was: whoever guesses learns nothing. A code that is in the cart
        already was known to the shopper, so `coupon_problem` says why it stopped applying.
        """
        try:
            self._judge(code)
        except coupons.NotValid:
            raise coupons.NotValid(coupons.unknown(code)) from None
        self._session.change(COUPON_KEY, lambda before: code)
        self.__dict__.pop("_judged", None)

    def remove_coupon(self) -> None:
        """Forget the code, if there is one."""
        if self.coupon_code:
            self._session.change(COUPON_KEY, lambda before: None)
            self.__dict__.pop("_judged", None)

    @staticmethod
    def claimed(code: str) -> dict[str, str]:
        """What the session notes of this visitor's unpaid order that has used the code, if any.

        In this cart that use does not count: ordering again gives it back first. If it has gone
        meanwhile, claiming it tells.
        """
        return {CLAIMED_KEY: code} if code else {}

    @property
    def coupon_code(self) -> str:
        """The code that was entered; whether it applies is another question."""
        return self._session.get(COUPON_KEY) or ""

    @property
    def discount(self) -> Discount | None:
        """What the code takes off right now; None without one that applies."""
        return self._judged[0]

    @property
    def coupon_problem(self) -> str:
        """Why the code that was entered takes nothing off right now, in words."""
        return self._judged[1]

    @cached_property
    def lines(self) -> list[CartLine]:
        """Only what can be bought right now, at the price of right now."""
        wanted = self._wanted
        offers = catalogue.offers(wanted, currency=self.currency) if wanted else {}
        return [
            CartLine(offers[sku], entry["quantity"], Decimal(entry["seen"]))
            for sku, entry in wanted.items()
            if sku in offers
        ]

    @property
    def gone(self) -> list[str]:
        """Names of what was put in and can no longer be bought."""
        sold = {line.offer.sku for line in self.lines}
        return [entry["name"] for sku, entry in self._wanted.items() if sku not in sold]

    @property
    def changed(self) -> list[CartLine]:
        """Lines whose price is not the one the shopper last saw."""
        return [line for line in self.lines if line.price_changed]

    @property
    def can_be_ordered(self) -> bool:
        return bool(self.lines) and not any(line.is_short for line in self.lines)

    @property
    def subtotal(self) -> Decimal:
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """The goods less the discount. Shipping is the checkout's."""
        return self.subtotal - (self.discount.total if self.discount else 0)

    @property
    def grams(self) -> int:
        return sum(line.offer.weight_grams * line.quantity for line in self.lines)

    @property
    def count(self) -> int:
        """How many pieces; asks no database beyond the session."""
        return sum(entry["quantity"] for entry in self._wanted.values())

    @property
    def _wanted(self) -> dict[str, Any]:
        return self._session.get(SESSION_KEY) or {}

    @cached_property
    def _judged(self) -> tuple[Discount | None, str]:
        if not self.coupon_code:
            return None, ""
        try:
            return self._judge(self.coupon_code), ""
        except coupons.DoesNotApply as why:
            return None, str(why)

    def _judge(self, code: str) -> Discount:
        claimed = self._session.get(CLAIMED_KEY) == code
        return coupons.judge(code, self.lines, currency=self.currency, at=self.at, claimed=claimed)

    def _change(self, change: Any) -> None:
        self._session.change(SESSION_KEY, change)
        for known in ("lines", "_judged"):
            self.__dict__.pop(known, None)


def _entry(offer: Offer, quantity: int) -> dict[str, Any]:
    name = f"{offer.name}, {offer.options}" if offer.options else offer.name
    return {"quantity": quantity, "seen": str(offer.price), "name": name}
