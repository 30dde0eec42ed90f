"""What keeps a document from being an e-invoice, said so that somebody can mend it."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from .einvoice import EInvoice, Party, einvoice_of
from .models import Invoice, TaxCategory
from .particulars import missing_particulars

# EN 16931 knows amounts with two decimals at most (BR-DEC).
FINEST = Decimal("0.01")
TO_BUSINESSES_ONLY = {TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY}


def gaps(document: Invoice) -> list[str]:
    """Why there is no e-invoice of a document; empty if there can be one."""
    if document.kind == Invoice.Kind.DELIVERY_NOTE:
        return [_("A delivery note is not an invoice.")]
    invoice = einvoice_of(document)
    return [*_in_seller(invoice.seller), *_in_buyer(invoice), *_in_amounts(invoice, document)]


def is_for_business(document: Invoice) -> bool:
    """Does its buyer expect an e-invoice?"""
    return bool(document.billed_to.get("vat_id"))


def _in_seller(seller: Party) -> Iterator[str]:
    for label in missing_particulars(seller):
        yield _("The seller's details were incomplete: %s.") % label


def _in_buyer(invoice: EInvoice) -> Iterator[str]:
    categories = {share.category for share in invoice.taxes}
    if not (invoice.buyer.name and invoice.buyer.country):
        yield _("The buyer's name or country is not known.")
    if categories & TO_BUSINESSES_ONLY and not invoice.buyer.vat_id:
        yield _("The buyer's VAT id is not known, and no VAT was charged.")
    if TaxCategory.INTRA_COMMUNITY in categories and not invoice.delivered_to.country:
        yield _("The country of delivery is not known.")


def _in_amounts(invoice: EInvoice, document: Invoice) -> Iterator[str]:
    if TaxCategory.NOT_SUBJECT in {share.category for share in invoice.taxes}:
        yield _("Goods not subject to VAT are billed on paper.")
    if any(share.category == TaxCategory.STANDARD and not share.rate for share in invoice.taxes):
        yield _("A rate of 0 % has no reason.")
    if any(amount % FINEST for amount in invoice.amounts()):
        yield _("E-invoices know amounts with two decimals at most.")
    if any(item.net < 0 for item in invoice.items):
        yield _("A line is worth less than nothing.")
    if not _add_up(invoice, document):
        yield _("The amounts do not add up.")


def _add_up(invoice: EInvoice, document: Invoice) -> bool:
    """Do lines and shipping agree with the VAT of each rate, and all with the total?"""
    goods: dict[tuple[str, Decimal], Decimal] = {}
    for item in invoice.items:
        place = (item.category, item.rate)
        goods[place] = goods.get(place, Decimal(0)) + item.net
    for share in invoice.shipping:
        place = (share.category, share.rate)
        goods[place] = goods.get(place, Decimal(0)) + share.net
    taxed = {(share.category, share.rate): share.net for share in invoice.taxes}
    # Shipping of nothing is not written; a line of nothing is, and wants its rate.
    lines = {(item.category, item.rate) for item in invoice.items}
    filled = {place: net for place, net in goods.items() if net or place in lines or place in taxed}
    return bool(invoice.items) and filled == taxed and invoice.total == document.total
