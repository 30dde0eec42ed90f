"""Orders as the shop leaves them behind: sums, stock, ledger, timeline and payment agree."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from checkout.models import Address, Order, OrderEvent, OrderLine, PaymentAttempt
from checkout.tax.taxation import Rate
from checkout.tax.vat_sums import of_known_tax, tax_by_rate
from products import stocking
from products.models import Product, StockItem, StockMovement, Variant
from products.money import share_out, smallest_unit

Kind = OrderEvent.Kind
Status = Order.Status
Skus = Sequence[tuple[str, int, str]]

PAID_FOR = (Status.PAID, Status.FULFILLED, Status.RETURNED)
UNPAID_ENDS = (Status.CANCELLED, Status.EXPIRED)
RATE = Rate(Decimal("19.00"), "S")


def make_order(
    *,
    status: str = Status.PLACED,
    skus: Skus = (("TEA-100", 2, "12.50"),),
    email: str = "ada@example.com",
    country: str = "DE",
    placed_at: datetime | None = None,
    name: str = "Ada Lovelace",
    address: dict[str, Any] | None = None,
    shipping: str = "4.90",
    discount: str = "0",
    **fields: Any,
) -> Order:
    """An order of `skus` (sku, quantity, gross unit price) in `status`, 19 % VAT included.

    Variants and stock that are missing are made. `address` overrides fields of the shipping
    address, `fields` those of the order; `placed_at` is now unless given.
    """
    placed_at = placed_at or timezone.now()
    currency = fields.get("currency", "EUR")
    amounts, of_lines = _amounts(skus, Decimal(shipping), Decimal(discount), currency)
    order = Order.objects.create(
        **{
            "status": status,
            "email": email,
            "placement_key": uuid4().hex,
            "shipping_address": make_address(
                **{"name": name, "country": country} | (address or {})
            ),
            "currency": "EUR",
            "shipping_method": "Parcel",
            "placed_at": placed_at,
            "terms_accepted_at": placed_at,
            "expires_at": placed_at + timedelta(minutes=40),
            "paid_at": placed_at + timedelta(minutes=2) if status in PAID_FOR else None,
        }
        | amounts
        | fields
    )
    _write_lines(order, skus, of_lines)
    _move_stock(order)
    _write_life(order)
    return order


def make_address(**fields: Any) -> Address:
    """An address in Berlin, unless told otherwise."""
    berlin = {
        "name": "Ada Lovelace",
        "street": "Lindenstraße 12",
        "postcode": "10969",
        "city": "Berlin",
        "country": "DE",
    }
    return Address.objects.create(**berlin | fields)


def make_attempt(order: Order, **fields: Any) -> PaymentAttempt:
    """A try to pay the whole of `order`, open at the provider unless told otherwise."""
    open_page = {
        "gateway": "stripe",
        "reference": f"cs_test_{uuid4().hex}",
        "amount_minor": int(order.total * 100),
        "currency": order.currency,
        "state": PaymentAttempt.State.OPEN,
        "created_at": order.placed_at,
        "expires_at": order.expires_at,
    }
    return PaymentAttempt.objects.create(order=order, **open_page | fields)


def make_variant_in_stock(sku: str, quantity: int, *, at: datetime) -> Variant:
    """The variant `sku`, with at least `quantity` of it to sell."""
    variant = Variant.objects.filter(sku=sku).first()
    if variant is None:
        product = Product.objects.create(name=sku.title())
        variant = Variant.objects.create(product=product, sku=sku, weight_grams=120)
    item = StockItem.objects.filter(variant=variant).first()
    missing = quantity - (item.on_hand - item.reserved if item else 0)
    if missing > 0:
        reason = StockMovement.Reason.RECEIVED if item else StockMovement.Reason.OPENING
        stocking.adjust(variant.pk, missing, reason=reason, by=None, at=at)
    return variant


def _amounts(
    skus: Skus, shipping: Decimal, discount: Decimal, currency: str
) -> tuple[dict[str, Any], list[dict[str, Decimal]]]:
    """The sums of the order, and of each line."""
    totals = [Decimal(price) * quantity for _, quantity, price in skus]
    discounts = share_out(discount, totals, smallest_unit(currency))
    charged = [total - off for total, off in zip(totals, discounts, strict=True)]
    parts = [(RATE, amount) for amount in [*charged, shipping]]
    shares, taxes = tax_by_rate(parts, included=True, currency=currency)
    of_shipping = of_known_tax(RATE, shipping, taxes[-1], included=True)
    order = {
        "subtotal": sum(totals, Decimal(0)),
        "discount": discount,
        "shipping": shipping,
        "shipping_taxes": [of_shipping.as_json()] if shipping else [],
        "taxes": [share.as_json() for share in shares],
        "tax": shares[0].tax,
        "total": shares[0].gross,
    }
    lines = zip(totals, discounts, taxes, strict=False)
    return order, [{"total": total, "discount": off, "tax": tax} for total, off, tax in lines]


def _write_lines(order: Order, skus: Skus, sums: list[dict[str, Decimal]]) -> None:
    for position, ((sku, quantity, price), its) in enumerate(zip(skus, sums, strict=True), start=1):
        variant = make_variant_in_stock(sku, quantity, at=order.placed_at)
        OrderLine.objects.create(
            order=order,
            position=position,
            variant=variant,
            sku=sku,
            name=variant.product.name,
            options=variant.label,
            quantity=quantity,
            weight_grams=variant.weight_grams,
            unit_price=Decimal(price),
            tax_class=variant.product.tax_class,
            tax_rate=RATE.percent,
            **its,
        )


def _move_stock(order: Order) -> None:
    goods, number = order.quantities(), order.number
    stocking.reserve(goods, reference=number, at=order.placed_at)
    if order.status in PAID_FOR:
        stocking.sell(goods, reference=number, at=order.paid_at)
    elif order.status in UNPAID_ENDS:
        stocking.release(goods, reference=number, at=order.expires_at)


def _write_life(order: Order) -> None:
    order.note(Kind.PLACED, at=order.placed_at)
    if order.status in PAID_FOR:
        make_attempt(
            order,
            state=PaymentAttempt.State.PAID,
            captured_minor=int(order.total * 100),
            captured_currency=order.currency,
            pays_order=True,
            payment_reference=f"pi_{uuid4().hex[:24]}",
            settled_at=order.paid_at,
        )
        order.note(Kind.PAID, at=order.paid_at)
    if order.status in (Status.FULFILLED, Status.RETURNED):
        order.note(Kind.FULFILLED, at=order.paid_at + timedelta(hours=20))
    if order.status == Status.RETURNED:
        order.note(Kind.RETURNED, at=order.paid_at + timedelta(days=6))
    if order.status in UNPAID_ENDS:
        order.note(Kind(order.status), at=order.expires_at)
