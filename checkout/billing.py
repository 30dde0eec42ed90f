"""An order as the plain data its invoice is printed from."""

from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from invoices.issuing import Bill, BilledLine, TaxShare

from .models import Address, Order


def bill(order: Order, *, method: str) -> Bill:
    """What the invoice of a paid order says, in the buyer's language. Amounts gross."""
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
                )
                for line in order.lines.all()
            ],
            taxes=[
                TaxShare(**{name: Decimal(value) for name, value in share.items()})
                for share in order.taxes
            ],
            subtotal=order.subtotal,
            discount=order.discount,
            shipping=order.shipping,
            shipping_method=order.shipping_method,
            total=order.total,
            payment=_("Paid with %(method)s.") % {"method": method} if method else _("Paid."),
            recipient=order.email,
            order_url=settings.BASE_URL + order.get_absolute_url(),
            language=order.language,
        )


def _printed(address: Address, email: str) -> dict[str, object]:
    return {"name": address.name, "lines": address.lines(), "email": email}
