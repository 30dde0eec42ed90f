"""What the shop hands over to have a document written: plain data that adds up."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from .models import TaxCategory


@dataclass(frozen=True)
class TaxShare:
    """What one VAT rate (percent) contributes to an amount. net + tax = gross, always."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    category: str = TaxCategory.STANDARD.value

    def as_json(self) -> dict[str, str]:
        """As documents and orders store it: amounts as text."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, str]) -> "TaxShare":
        """From what `as_json` stored, also before there were categories."""
        rate = Decimal(stored["rate"])
        usual = TaxCategory.STANDARD if rate else TaxCategory.ZERO
        return cls(
            rate=rate,
            net=Decimal(stored["net"]),
            tax=Decimal(stored["tax"]),
            gross=Decimal(stored["gross"]),
            category=stored.get("category", usual.value),
        )


@dataclass(frozen=True)
class BilledLine:
    """One line as it will be printed. Major units; gross if the bill's prices include tax.

    `total` is quantity × unit price before `discount`. `tax` is the VAT of what then remains:
    contained in it if it is gross, on top of it if it is net. The taxes of the lines and of the
    shipping at one rate add up to that rate's TaxShare.tax.
    """

    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    tax_rate: Decimal  # percent: 19.00
    total: Decimal
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    tax_category: str = TaxCategory.STANDARD.value


@dataclass(frozen=True)
class Bill:
    """All that an invoice prints about a sale. Major units of `currency`.

    A party is {"name", "company", "street", "extra", "postcode", "city", "region", "country"
    (ISO code), "lines" (as printed), "email", "vat_id"}; keys may be missing. `total` is what is
    due: Σ lines.total − discount + shipping, and Σ taxes.tax if prices do not include it.
    """

    order_number: str
    currency: str
    billed_to: Mapping[str, Any]
    delivered_to: Mapping[str, Any]
    lines: Sequence[BilledLine]
    taxes: Sequence[TaxShare]
    subtotal: Decimal  # Σ lines.total
    shipping: Decimal
    shipping_method: str
    total: Decimal
    payment: str
    recipient: str
    order_url: str
    discount: Decimal = Decimal(0)  # Σ lines.discount
    discount_label: str = ""  # the coupon's code
    shipping_taxes: Sequence[TaxShare] = ()  # shipping split over the rates of the goods
    prices_include_tax: bool = True
    language: str = "en"
    ordered_at: datetime | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True)
class Credit:
    """What is given back of an invoice, in its currency and its way of pricing. All positive.

    `key` is the cause: "refund:12". Without lines the amount is credited as such, by rate.
    """

    key: str
    lines: Sequence[BilledLine]
    taxes: Sequence[TaxShare]
    total: Decimal
    reason: str
    shipping: Decimal = Decimal(0)
    shipping_taxes: Sequence[TaxShare] = ()
    payment: str = ""
