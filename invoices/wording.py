"""How an invoice says its figures: every amount, rate and day as a string of its language."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from .models import Invoice


def money(amount: Decimal, currency: str, language: str) -> str:
    """An amount in major units as people write it: €12.00, 12,00 €."""
    return format_currency(amount, currency, locale=to_locale(language))


def percent(rate: Decimal | str, language: str) -> str:
    """A rate in percent without needless zeros: 19 %, 5.5 %."""
    return f"{format_decimal(Decimal(rate), '0.##', locale=to_locale(language))} %"


def day(moment: datetime, language: str) -> str:
    """The shop's calendar day of a moment."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    return format_date(local.date(), "long", locale=to_locale(language))


def moment(at: datetime, language: str) -> str:
    """A moment on the shop's clock, with its zone."""
    local = timezone.localtime(at, timezone.get_default_timezone())
    return format_datetime(local, "long", locale=to_locale(language))


def as_printed(invoice: Invoice) -> dict[str, Any]:
    """All that the template prints, in words."""

    def amount(value: Decimal | str) -> str:
        return money(Decimal(value), invoice.currency, invoice.language)

    return {
        "invoice": invoice,
        "title": invoice.get_kind_display(),
        "seller": invoice.seller,
        "contact": _filled(invoice.seller, "email", "phone", "url"),
        "legal": _legal(invoice.seller),
        "recipient": _address(invoice.billed_to),
        "delivered_to": _elsewhere(invoice),
        "issued": day(invoice.issued_at, invoice.language),
        "lines": [
            {
                "position": line.position,
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "unit_price": amount(line.unit_price),
                "tax_rate": percent(line.tax_rate, invoice.language),
                "total": amount(line.total),
            }
            for line in invoice.lines.all()
        ],
        "taxes": [
            {
                "rate": percent(share["rate"], invoice.language),
                **{name: amount(share[name]) for name in ("net", "tax", "gross")},
            }
            for share in invoice.taxes
        ],
        "subtotal": amount(invoice.subtotal),
        "discount": amount(-invoice.discount) if invoice.discount else "",
        "shipping": amount(invoice.shipping),
        "total": amount(invoice.total),
    }


def _address(party: dict[str, Any]) -> list[str]:
    """Name and address, one below the other; the name may be the first address line already."""
    lines = [str(line) for line in party.get("lines", []) if line]
    name = party.get("name", "")
    return lines if not name or lines[:1] == [name] else [name, *lines]


def _elsewhere(invoice: Invoice) -> list[str]:
    """Where it was sent, if not to whom it is billed."""
    address = _address(invoice.delivered_to)
    return [] if address == _address(invoice.billed_to) else address


def _legal(seller: dict[str, Any]) -> list[str]:
    named = [
        _("VAT id %s") % seller["vat_id"] if seller.get("vat_id") else "",
        seller.get("register_entry", ""),
        f"IBAN {seller['iban']}" if seller.get("iban") else "",
    ]
    return [line for line in named if line]


def _filled(seller: dict[str, Any], *names: str) -> list[str]:
    return [seller[name] for name in names if seller.get(name)]
