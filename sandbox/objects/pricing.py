"""What a session costs: lines, less the discount, plus shipping. All in smallest units."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sandbox import money
from sandbox.errors import ApiError, NotFound
from sandbox.models import Document
from sandbox.objects.store import Json


@dataclass(frozen=True)
class Line:
    """One thing bought, with its share of the discount."""

    price_data: Json
    quantity: int
    metadata: Json
    subtotal: int
    discount: int

    @property
    def total(self) -> int:
        """What the buyer pays for it."""
        return self.subtotal - self.discount


def price_lines(items: list[Json], coupon: Document | None) -> list[Line]:
    """The lines in the order given, the coupon spread over them."""
    subtotals = [_subtotal(item) for item in items]
    currency = items[0]["price_data"]["currency"]
    discounts = _spread(coupon.data, subtotals, currency) if coupon else [0] * len(items)
    return [
        Line(item["price_data"], item["quantity"], item.get("metadata", {}), subtotal, discount)
        for item, subtotal, discount in zip(items, subtotals, discounts, strict=True)
    ]


def unit_amount(price_data: Json) -> Decimal:
    """The price of one, which may be a fraction of the smallest unit."""
    name = "unit_amount" if "unit_amount" in price_data else "unit_amount_decimal"
    return Decimal(price_data[name])


def _subtotal(item: Json) -> int:
    exact = unit_amount(item["price_data"]) * item["quantity"]
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _spread(coupon: Json, subtotals: list[int], currency: str) -> list[int]:
    """One discount over many lines, to the cent: the last lines take what rounding left."""
    whole = sum(subtotals)
    if coupon["percent_off"] is not None:
        exact = Decimal(whole) * Decimal(str(coupon["percent_off"])) / 100
        off = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    elif coupon["currency"] != currency:
        raise ApiError(
            f"The coupon {coupon['id']} cannot be used with currency {currency}.",
            param="discounts[0][coupon]",
        )
    else:
        off = min(coupon["amount_off"], whole)
    shares, given, seen = [], 0, 0
    for subtotal in subtotals:
        seen += subtotal
        upto = off * seen // whole if whole else 0
        shares.append(upto - given)
        given = upto
    return shares


def check_payable(total: int, currency: str) -> None:
    """Stripe charges nothing, or at least its minimum."""
    minimum = money.MINIMUM.get(currency, 1)
    if 0 < total < minimum:
        raise ApiError(
            "The Checkout Session's total amount due must add up to at least "
            f"{money.shown(minimum, currency)} {currency}",
            code="amount_too_small",
        )


def no_such_price(item: Json, where: str) -> NotFound:
    """Price objects are not kept here; a request that names one gets Stripe's answer."""
    missing = NotFound("price", item["price"], f"{where}[price]")
    missing.status = 400
    return missing
