"""All that a document prints, in words. The staff's page shows the same."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from . import notes
from .models import Invoice, InvoiceLine
from .wording import day, money, percent

Kind = Invoice.Kind


def as_printed(document: Invoice) -> dict[str, Any]:
    """What the template of a document prints, in today's language and the document's figures."""
    return {
        "invoice": document,
        "title": document.get_kind_display(),
        "seller": document.seller,
        "contact": _filled(document.seller, "email", "phone", "url"),
        "legal": _legal(document.seller),
        "recipient": _address(_party(document)),
        "facts": _facts(document),
        "lead": _lead(document),
        "priced": document.kind != Kind.DELIVERY_NOTE,
        "net": not document.prices_include_tax,
        "lines": [_line(document, line) for line in document.lines.all()],
        "sums": _sums(document),
        "taxes": _taxes(document),
        "notes": _notes(document),
    }


def _party(document: Invoice) -> dict[str, Any]:
    """Whose name and address stand at its head."""
    goes_there = document.kind == Kind.DELIVERY_NOTE and not document.delivered_to.get("collected")
    return (document.delivered_to if goes_there else {}) or document.billed_to


def _facts(document: Invoice) -> list[tuple[str, str]]:
    """What stands beside the address: label and value."""
    language, original = document.language, document.corrects
    priced = document.kind != Kind.DELIVERY_NOTE
    facts = [
        (document.get_kind_display(), document.number),
        (_("Date"), day(document.issued_at, language)),
        (_("Order number"), document.order_number),
        (_("Ordered"), day(document.ordered_at, language) if document.ordered_at else ""),
        (_("Payment received"), _paid_on(document)),
        (original.get_kind_display(), original.number) if original else ("", ""),
        (_("Your VAT id"), _party(document).get("vat_id", "") if priced else ""),
    ]
    return [(label, value) for label, value in facts if value]


def _paid_on(document: Invoice) -> str:
    """The day the money came: an invoice is written before the goods leave, and then the law wants
    this day instead of the delivery's (Art. 226 (7) of Directive 2006/112/EC)."""
    if document.kind != Kind.INVOICE or not (document.paid_at and document.total):
        return ""
    return day(document.paid_at, document.language)


def _line(document: Invoice, line: InvoiceLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": _amount(document, line.unit_price),
        "tax_rate": percent(line.tax_rate, document.language),
        "total": _amount(document, line.total),
    }


def _taxes(document: Invoice) -> list[dict[str, Any]]:
    """The VAT by rate, each with what of it is shipping's."""
    shipping = {(share["rate"], share.get("category")): share for share in document.shipping_taxes}
    return [
        {
            "rate": percent(share["rate"], document.language),
            **_share(document, share),
            "shipping": _share(document, sent) if sent and len(document.taxes) > 1 else None,
        }
        for share in document.taxes
        for sent in [shipping.get((share["rate"], share.get("category")))]
    ]


def _share(document: Invoice, share: dict[str, str]) -> dict[str, str]:
    return {name: _amount(document, share[name]) for name in ("net", "tax", "gross")}


def _sums(document: Invoice) -> dict[str, Any]:
    net = sum((Decimal(share["net"]) for share in document.taxes), Decimal(0))
    sent = document.shipping or document.kind == Kind.INVOICE
    return {
        "subtotal": _amount(document, document.subtotal) if document.subtotal else "",
        "discount": _amount(document, -document.discount) if document.discount else "",
        "discount_label": document.discount_label,
        "shipping": _amount(document, document.shipping) if sent else "",
        "shipping_method": document.shipping_method,
        "net_total": _amount(document, net),
        "contained": document.prices_include_tax and net != document.total,
        "total": _amount(document, document.total),
        "total_label": _total_label(document),
    }


def _total_label(document: Invoice) -> str:
    match document.kind:
        case Kind.CREDIT_NOTE:
            return _("Total credited")
        case Kind.CANCELLATION:
            return _("Total cancelled")
    return _("Total")


def _lead(document: Invoice) -> list[str]:
    """What comes before the lines: which document is taken back, and why."""
    reason = _("Reason: %s") % document.reason if document.reason else ""
    return [sentence for sentence in (notes.correction(document), reason) if sentence]


def _notes(document: Invoice) -> list[str]:
    """The sentences below the sums, the law's first."""
    if document.kind == Kind.DELIVERY_NOTE:
        return [_("This is not an invoice.")]
    sentences = [
        *notes.exemptions(share.get("category", "") for share in document.taxes),
        _delivered_to(document),
        document.seller.get("invoice_note", "") if document.kind == Kind.INVOICE else "",
    ]
    return [sentence for sentence in sentences if sentence]


def _delivered_to(document: Invoice) -> str:
    """Where the goods go, if not to whom they are billed."""
    address = _address(document.delivered_to)
    if document.kind != Kind.INVOICE or address == _address(document.billed_to):
        return ""
    if document.delivered_to.get("collected"):
        return _("To be picked up at: %s") % ", ".join(document.delivered_to["lines"])
    return _("Delivered to: %s") % ", ".join(address)


def _address(party: dict[str, Any]) -> list[str]:
    """Name and address, one below the other; the name may be the first address line already."""
    lines = [str(line) for line in party.get("lines", []) if line]
    name = party.get("name", "")
    return lines if not name or lines[:1] == [name] else [name, *lines]


def _legal(seller: dict[str, Any]) -> list[str]:
    named = [
        _("VAT id %s") % seller["vat_id"] if seller.get("vat_id") else "",
        seller.get("register_entry", ""),
        f"IBAN {seller['iban']}" if seller.get("iban") else "",
    ]
    return [line for line in named if line]


def _filled(seller: dict[str, Any], *names: str) -> list[str]:
    return [seller[name] for name in names if seller.get(name)]


def _amount(document: Invoice, value: Decimal | str) -> str:
    return money(Decimal(value), document.currency, document.language)
