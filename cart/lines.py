"""One line of a cart."""

from dataclasses import dataclass
from decimal import Decimal

from products.catalogue import Offer


@dataclass(frozen=True)
class CartLine:
    """So many of one variant, at the price of right now (gross, major units)."""

    offer: Offer
    quantity: int
    seen: Decimal  # the price the shopper last saw

    @property
    def total(self) -> Decimal:
        """Quantity times price: exact, so nothing is rounded."""
        return self.offer.price * self.quantity

    @property
    def price_changed(self) -> bool:
        return self.seen != self.offer.price

    @property
    def is_short(self) -> bool:
        """More is wanted than is left."""
        return self.quantity > self.offer.available
