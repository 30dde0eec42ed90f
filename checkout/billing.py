"""An order as the plain data its invoice is printed from."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from invoices.issuing import Bill, BilledLine, TaxShare
from invoices.models import TaxCategory

from .models import Address, Order, OrderLine


def bill(order: Order, *, method: str) -> Bill:
    """What the invoice of a paid order says, in the buyer's language. Amounts gross."""
    lines = list(order.lines.all())
    taxes = [TaxShare.from_json(share) for share in order.taxes]
    with override(order.language):
        return Bill(
            order_number=order.number,
            currency=order.currency,
            billed_to=_printed(order.billing_address or order.shipping_address, order.email),
            delivered_to=_printed(order.shipping_address, order.email),
            lines=[
                BilledLine(
                    sku=line.sku,
                    name=line.full_name,
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                    tax_rate=line.tax_rate,
                    total=line.total,
                    discount=line.discount,
                    tax=line.tax,
                    tax_category=_category(line.tax_rate),
                )
                for line in lines
            ],
            taxes=taxes,
            subtotal=order.subtotal,
            discount=order.discount,
            shipping=order.shipping,
            shipping_method=order.shipping_method,
            shipping_taxes=list(_of_shipping(taxes, lines)),
            prices_include_tax=order.prices_include_tax,
            total=order.total,
            payment=_("Paid with %(method)s.") % {"method": method} if method else _("Paid."),
            recipient=order.email,
            order_url=settings.BASE_URL + order.get_absolute_url(),
            language=order.language,
            ordered_at=order.placed_at,
            paid_at=order.paid_at,
        )


def _category(rate: Decimal) -> str:
    return (TaxCategory.STANDARD if rate else TaxCategory.ZERO).value


def _of_shipping(taxes: Sequence[TaxShare], lines: Sequence[OrderLine]) -> Iterator[TaxShare]:
    """What the goods leave of each rate. Amounts gross."""
    for share in taxes:
        sold = [line for line in lines if line.tax_rate == share.rate]
        gross = share.gross - sum(line.total - line.discount for line in sold)
        tax = share.tax - sum(line.tax for line in sold)
        if gross:
            yield replace(share, net=gross - tax, tax=tax, gross=gross)


def _printed(address: Address, email: str) -> dict[str, object]:
    fields = ("name", "company", "street", "extra", "postcode", "city", "region")
    return {
        **{field: getattr(address, field) for field in fields},
        "country": address.country.code,
        "lines": address.lines(),
        "email": email,
    }
