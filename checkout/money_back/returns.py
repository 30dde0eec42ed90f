"""What of an order has not come back yet, and what a part of it is worth.

What has gone back of a line is rounded as one sum, and a part is what that sum grows by. So giving
everything back in whatever parts gives back what was paid, to the cent, and no part is worth less
than nothing, however little a piece costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Sum

from invoices.issuing import TaxShare
from products.money import rounded

from ..models import Order, OrderLine, Refund, RefundLine
from ..orders.balances import stranded


class TooMuch(Exception):
    """More would go back than is left. The message names what, for people."""


@dataclass(frozen=True)
class Back:
    """So many pieces of a line, and whether they return to the shelf."""

    quantity: int
    restock: bool = False


@dataclass(frozen=True)
class LineLeft:
    """What of a line has not come back. `discount` and `tax` are the line's, major units."""

    line: OrderLine
    quantity: int
    discount: Decimal
    tax: Decimal

    def part(self, back: Back) -> RefundLine:
        """An unsaved row for so many of what is left. Raises TooMuch."""
        if back.quantity > self.quantity:
            raise TooMuch(self.line.full_name)
        price, kept = self.line.unit_price, self.quantity - back.quantity
        discount = self._part(
            self.discount,
            self.line.discount,
            share=Fraction(self.line.quantity - kept, self.line.quantity),
            room=price * back.quantity,
            room_after=price * kept,
        )
        goods = price * back.quantity - discount
        goods_kept = price * kept - (self.discount - discount)
        charged = self.line.total - self.line.discount
        tax = self._part(
            self.tax,
            self.line.tax,
            share=Fraction(charged - goods_kept) / Fraction(charged) if charged else Fraction(0),
            room=goods,
            room_after=goods_kept,
        )
        on_top = Decimal(0) if self.line.order.prices_include_tax else tax
        return RefundLine(
            line=self.line,
            quantity=back.quantity,
            discount=discount,
            tax=tax,
            amount=goods + on_top,
            restock=back.restock,
        )

    @property
    def amount(self) -> Decimal:
        """What it is worth, gross."""
        return self.part(Back(self.quantity)).amount

    def _part(
        self, left: Decimal, whole: Decimal, *, share: Fraction, room: Decimal, room_after: Decimal
    ) -> Decimal:
        """What goes back of `left` when `share` of the `whole` is back in all.

        Never more than there is `room` for in what goes back, nor so little that the rest would
        find none in what stays: refunds in between may have failed, and their parts are free again.
        """
        exact = whole * share.numerator / share.denominator
        part = rounded(exact, self.line.order.currency) - (whole - left)
        return min(max(part, left - room_after, Decimal(0)), left, room)


def lines_left(order: Order) -> list[LineLeft]:
    """Every line of the order, also those of which nothing is left."""
    gone = RefundLine.objects.counted().filter(line__order=order)
    sums = (
        gone.order_by()
        .values("line")
        .annotate(quantity_sum=Sum("quantity"), discount_sum=Sum("discount"), tax_sum=Sum("tax"))
    )
    by_line: dict[int, Mapping[str, Any]] = {row["line"]: dict(row) for row in sums}
    return [_left(line, by_line.get(line.pk, {})) for line in order.lines.select_related("order")]


def _left(line: OrderLine, gone: Mapping[str, Any]) -> LineLeft:
    return LineLeft(
        line=line,
        quantity=line.quantity - int(gone.get("quantity_sum", 0)),
        discount=line.discount - gone.get("discount_sum", Decimal(0)),
        tax=line.tax - gone.get("tax_sum", Decimal(0)),
    )


def shipping_left(order: Order) -> Decimal:
    """What of the shipping has not been given back, gross."""
    counted = order.refunds.filter(state__in=Refund.COUNTED)
    gone = counted.aggregate(sum=Sum("shipping"))["sum"] or Decimal(0)
    return shipping_paid(order) - gone


def shipping_paid(order: Order) -> Decimal:
    """What the shipping cost, gross."""
    if order.prices_include_tax:
        return order.shipping
    shares = (TaxShare.from_json(share) for share in order.shipping_taxes)
    return order.shipping + sum((share.tax for share in shares), Decimal(0))


def parts(order: Order, wanted: Mapping[int, Back]) -> list[RefundLine]:
    """Unsaved rows for what is wanted of the order's lines (by id). Raises TooMuch."""
    left = {one.line.pk: one for one in lines_left(order)}
    if unknown := wanted.keys() - left.keys():
        raise TooMuch(", ".join(map(str, sorted(unknown))))
    return [left[line_id].part(back) for line_id, back in wanted.items() if back.quantity > 0]


def not_yet_back(rows: Sequence[RefundLine], order: Order) -> dict[int, int]:
    """How many of each variant these stored rows bring back to the shelf, by its id.

    Goods whose refund failed lie there already: giving the money back once more moves nothing.
    """
    lying = stranded(order, besides=[row.pk for row in rows])
    missing = {
        row.line.variant_id: row.quantity - lying[row.line_id] for row in rows if row.restock
    }
    return {its: count for its, count in missing.items() if count > 0}


def worth(rows: Iterable[RefundLine], shipping: Decimal) -> Decimal:
    """What the rows and the shipping come to, gross."""
    return sum((row.amount for row in rows), shipping)
