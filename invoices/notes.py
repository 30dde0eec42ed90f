"""The sentences that the law wants on a document, and the codes e-invoices have for them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from .models import Invoice, TaxCategory
from .wording import day

# Why no VAT is charged: codes of the European Commission's list.
EXEMPTION_CODES: dict[str, str] = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.INTRA_COMMUNITY: "VATEX-EU-IC",
    TaxCategory.EXPORT: "VATEX-EU-G",
    TaxCategory.NOT_SUBJECT: "VATEX-EU-O",
}


def exemption(category: str) -> str:
    """Why a category is free of VAT, in today's language; empty for what is taxed."""
    match category:
        case TaxCategory.REVERSE_CHARGE:
            # Art. 226 (11a) wants the words themselves.
            return _("Reverse charge: VAT is owed by the recipient (Art. 196 VAT Directive).")
        case TaxCategory.INTRA_COMMUNITY:
            return _("Tax-free intra-community supply (Art. 138 VAT Directive).")
        case TaxCategory.EXPORT:
            return _("Tax-free export (Art. 146 VAT Directive).")
        case TaxCategory.EXEMPT:
            return _("Exempt from VAT.")
        case TaxCategory.NOT_SUBJECT:
            return _("Not subject to VAT.")
    return ""


def exemptions(categories: Iterable[str]) -> list[str]:
    """The sentence of each category that has one, once."""
    return list(filter(None, map(exemption, dict.fromkeys(categories))))


def correction(document: Invoice) -> str:
    """Which document is taken back, by number and date; empty if none is."""
    original = document.corrects
    if original is None:
        return ""
    named = {"number": original.number, "date": day(original.issued_at, document.language)}
    if document.kind == Invoice.Kind.CREDIT_NOTE:
        return _("This corrects invoice %(number)s of %(date)s.") % named
    if original.kind == Invoice.Kind.CREDIT_NOTE:
        return _("This cancels credit note %(number)s of %(date)s: nothing was paid back.") % named
    return _("This cancels invoice %(number)s of %(date)s.") % named
