"""What a coupon code takes off a basket, and why it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Discount:
    """What a code takes off: major units, on the same basis (gross or net) as the prices."""

    coupon_id: int
    code_id: int
    code: str
    amounts: Mapping[str, Decimal]  # by SKU; what is not named is not reduced
    free_shipping: bool = False

    @property
    def total(self) -> Decimal:
        """What comes off the goods. Free shipping is not in it: shipping then costs nothing."""
        return sum(self.amounts.values(), Decimal(0))
