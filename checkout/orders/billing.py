"""An order as the plain data its invoice and its delivery note are printed from."""

from dataclasses import replace
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from invoices.issuing import Bill, BilledLine, TaxShare

from ..models import Address, Order, OrderLine
from .balances import gone


def bill(order: Order, *, method: str) -> Bill:
    """What the invoice of a paid order says, in the buyer's language."""
    with override(order.language):
        return Bill(
            order_number=order.number,
            currency=order.currency,
            prices_include_tax=order.prices_include_tax,
            billed_to=_party(order.billed_to, email=order.email, vat_id=order.vat_id),
            delivered_to=_destination(order),
            lines=[_line(line) for line in order.lines.all()],
            taxes=order.tax_shares,
            subtotal=order.subtotal,
            discount=order.discount,
            discount_label=order.coupon_code,
            shipping=order.shipping,
            shipping_method=order.shipping_method,
            shipping_taxes=[TaxShare.from_json(share) for share in order.shipping_taxes],
            total=order.total,
            payment=_("Paid with %(method)s.") % {"method": method} if method else _("Paid."),
            recipient=order.email,
            order_url=settings.BASE_URL + order.get_absolute_url(),
            language=order.language,
            ordered_at=order.placed_at,
            paid_at=order.paid_at,
        )


def parcel(order: Order) -> Bill:
    """What goes into the parcel: goods that are still the buyer's, and no prices."""
    back = gone(order)
    nothing = Decimal(0)
    return replace(
        bill(order, method=""),
        lines=[
            BilledLine(line.sku, line.full_name, left, nothing, line.tax_rate, nothing)
            for line in order.lines.all()
            if (left := line.quantity - back[line.pk]) > 0
        ],
        taxes=[],
        shipping_taxes=[],
        subtotal=nothing,
        discount=nothing,
        shipping=nothing,
        total=nothing,
        payment="",
    )


def _destination(order: Order) -> dict[str, object]:
    """Where the goods change hands: for what is picked up that is with us, wherever they live."""
    if not order.collect_at:
        return _party(order.shipping_address, email=order.email)
    return {
        "name": order.shipping_address.name,
        "country": settings.SHOP_COUNTRY,
        "lines": order.collect_at.splitlines(),
        "collected": True,
    }


def _line(line: OrderLine) -> BilledLine:
    return BilledLine(
        sku=line.sku,
        name=line.full_name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        total=line.total,
        discount=line.discount,
        tax=line.tax,
        tax_category=line.tax_category,
    )


def _party(address: Address, **known: str) -> dict[str, object]:
    fields = ("name", "company", "street", "extra", "postcode", "city", "region")
    return {
        **{field: getattr(address, field) for field in fields},
        "country": address.country.code,
        "lines": address.lines(),
        **known,
    }
