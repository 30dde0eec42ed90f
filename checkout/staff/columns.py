"""What the list shows and what the export holds, a column a line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.contrib.admin import display
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from invoices.models import Invoice
from mailing.records import short_moment
from products.money import formatted, rounded

from ..models import Order, OrderLine, Refund
from ..templatetags.staff_desk import state_pill

LIST = ("number", "placed", "buyer", "country", "item_count", "amount", "state")

Value = str | Decimal | datetime | None


def for_list(orders: QuerySet[Order]) -> QuerySet[Order]:
    """`orders` with all that `LIST` shows: one query, however many rows."""
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    return orders.select_related("shipping_address").annotate(
        item_sum=Subquery(lines.annotate(sum=Sum("quantity")).values("sum"))
    )


def for_export(orders: QuerySet[Order]) -> QuerySet[Order]:
    """`orders` with all that `EXPORT` holds. Read it with `iterator(chunk_size=…)`."""
    invoices = Invoice.objects.filter(
        order_number=OuterRef("number"), kind=Invoice.Kind.INVOICE, cancelled_at=None
    )
    # Of the payment the order was sold for: other money that went back was never its total.
    refunds = Refund.objects.filter(
        order=OuterRef("pk"), attempt__pays_order=True, state=Refund.State.SUCCEEDED
    )
    sums = refunds.order_by().values("order").annotate(sum=Sum("amount"))
    return (
        orders.select_related("shipping_address")
        .prefetch_related("lines")
        .annotate(
            invoice_number=Subquery(invoices.values("number")[:1]),
            given_back=Coalesce(Subquery(sums.values("sum")), Decimal(0)),
        )
    )


class ListColumns:
    """The cells of the list. Mixed into the admin class, which is where they are looked up."""

    @display(description=_("placed"), ordering="placed_at")
    def placed(self, order: Order) -> str:
        return short_moment(order.placed_at)

    @display(description=_("customer"))
    def buyer(self, order: Order) -> SafeString:
        return format_html(
            '{}<br><span class="quiet">{}</span>', order.shipping_address.name, order.email
        )

    @display(description=_("country"))
    def country(self, order: Order) -> SafeString:
        country = order.shipping_address.country
        return format_html('<abbr title="{}">{}</abbr>', country.name, country.code)

    @display(description=_("items"))
    def item_count(self, order: Order) -> str:
        return str(order.item_sum or 0)  # type: ignore[attr-defined]

    @display(description=_("total"), ordering="total")
    def amount(self, order: Order) -> str:
        return formatted(order.total, order.currency)

    @display(description=_("state"))
    def state(self, order: Order) -> SafeString:
        return state_pill(order)


@dataclass(frozen=True)
class Column:
    """One column of the export. Amounts are Decimal in major units, moments are aware."""

    heading: Any
    value: Callable[[Order], Value]
    width: int = 14


def _amount(name: str) -> Callable[[Order], Decimal]:
    return lambda order: rounded(getattr(order, name), order.currency)


def _to(name: str) -> Callable[[Order], str]:
    return lambda order: getattr(order.shipping_address, name)


def _street(order: Order) -> str:
    address = order.shipping_address
    return ", ".join(filter(None, (address.street, address.extra)))


def _net(order: Order) -> Decimal:
    return rounded(order.total - order.tax, order.currency)


def _tax_by_rate(order: Order) -> str:
    return "; ".join(f"{share['rate']} %: {share['tax']}" for share in order.taxes)


def _items(order: Order) -> str:
    return "; ".join(f"{line.sku}×{line.quantity}" for line in order.lines.all())


EXPORT = (
    Column(_("Number"), attrgetter("number"), 12),
    Column(_("Placed"), attrgetter("placed_at"), 17),
    Column(_("Paid"), attrgetter("paid_at"), 17),
    Column(_("State"), lambda order: order.get_status_display(), 18),
    Column(_("On hold"), lambda order: order.get_hold_display()),
    Column(_("E-mail"), attrgetter("email"), 28),
    Column(_("Name"), _to("name"), 24),
    Column(_("Company"), _to("company"), 20),
    Column(_("Street"), _street, 28),
    Column(_("Postcode"), _to("postcode"), 10),
    Column(_("Town"), _to("city"), 18),
    Column(_("Country"), lambda order: order.shipping_address.country.code, 8),
    Column(_("Currency"), attrgetter("currency"), 9),
    Column(_("Goods"), _amount("subtotal"), 11),
    Column(_("Discount"), _amount("discount"), 11),
    Column(_("Coupon"), attrgetter("coupon_code"), 12),
    Column(_("Shipping method"), attrgetter("shipping_method"), 18),
    Column(_("Shipping"), _amount("shipping"), 11),
    Column(_("Net"), _net, 11),
    Column(_("VAT"), _amount("tax"), 11),
    Column(_("Total"), _amount("total"), 11),
    Column(_("Given back"), _amount("given_back"), 11),
    Column(_("VAT by rate"), _tax_by_rate, 22),
    Column(_("VAT treatment"), lambda order: order.get_tax_treatment_display(), 22),
    Column(_("VAT id"), attrgetter("vat_id"), 16),
    Column(_("Invoice"), attrgetter("invoice_number"), 18),
    Column(_("Items"), _items, 40),
)
