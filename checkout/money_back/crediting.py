"""The credit note of a refund: what of the invoice it takes back, by VAT rate.

Every credit is measured against what the invoice and its earlier credits leave of each rate, and
the last one takes the remainder. So crediting everything in parts equals the invoice to the cent.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override

from invoices import correcting, issuing
from invoices.issuing import BilledLine, Credit, TaxShare
from invoices.models import Invoice
from products.money import rounded, share_out, smallest_unit

from ..models import OrderEvent, Refund, RefundLine
from ..orders import holding

Kind = OrderEvent.Kind
Rate = tuple[Decimal, str]  # percent and category
Shares = dict[Rate, TaxShare]


def credit(refund: Refund, *, at: datetime) -> Invoice | None:
    """Write the credit note of a refund that was made, in the caller's transaction.

    None for money that no invoice speaks of: the payment came late, twice, or was wrong.
    """
    order = refund.order
    invoice = issuing.invoice_of(order.number)
    if invoice is None or not refund.attempt.pays_order:
        return None
    try:
        note = issuing.issue_credit_note(invoice, _credit(refund, invoice), at=at)
    except issuing.Refused as refused:
        holding.ask(order, f"no credit note for a refund: {refused}", at=at)
        return None
    order.note(Kind.CREDITED, at=at, number=note.number)
    return note


def take_back(refund: Refund, *, at: datetime) -> Invoice | None:
    """The money did not arrive after all, so the credit note says nothing any more."""
    note = note_of(refund)
    if note is None or note.cancelled_at:
        return None
    with override(refund.order.language):
        reason = _("The refund did not reach you.")
    return issuing.cancel(note, key=f"{note.key}:failed", reason=reason, at=at)


def note_of(refund: Refund) -> Invoice | None:
    """The credit note that was written for a refund."""
    return Invoice.objects.filter(key=_key(refund)).first()


def _key(refund: Refund) -> str:
    return f"refund:{refund.pk}"


def _credit(refund: Refund, invoice: Invoice) -> Credit:
    rows = list(refund.lines.select_related("line"))
    left = _left(invoice.taxes, [note.taxes for note in _credits(invoice)])
    sent = _shipping(refund, invoice)
    lines = _lines(rows, invoice)
    taxes = _added(lines, sent, invoice)
    if not _fits(taxes, left, refund.amount):
        lines, sent, taxes = [], {}, _of_amount(refund.amount, left, invoice.currency)
    with override(invoice.language):
        return Credit(
            key=_key(refund),
            lines=lines,
            taxes=list(taxes.values()),
            total=rounded(refund.amount, invoice.currency),
            reason=_reason(refund),
            shipping=sum((_charged(share, invoice) for share in sent.values()), Decimal(0)),
            shipping_taxes=list(sent.values()),
            payment=_way_back(refund),
        )


def _way_back(refund: Refund) -> str:
    if refund.origin == Refund.Origin.ELSEWHERE:
        return _("Given back as agreed with you.")
    return _("Given back to your means of payment.")


def _reason(refund: Refund) -> str:
    """In our own people's words; the provider's are for machines."""
    told = refund.reason if refund.origin != Refund.Origin.PROVIDER else ""
    return told or _("Refund")


def _credits(invoice: Invoice) -> Iterable[Invoice]:
    return correcting.standing_credits(invoice)


def _lines(rows: Iterable[RefundLine], invoice: Invoice) -> list[BilledLine]:
    """What came back, in the words of the invoice."""
    billed = {line.sku: line for line in invoice.lines.all()}
    return [
        BilledLine(
            sku=row.line.sku,
            name=billed[row.line.sku].name,
            quantity=row.quantity,
            unit_price=row.line.unit_price,
            tax_rate=billed[row.line.sku].tax_rate,
            total=row.line.unit_price * row.quantity,
            discount=row.discount,
            tax=row.tax,
            tax_category=billed[row.line.sku].tax_category,
        )
        for row in rows
    ]


def _shipping(refund: Refund, invoice: Invoice) -> Shares:
    """The part of the shipping that goes back, over the rates it was billed at."""
    if not refund.shipping:
        return {}
    left = _left(invoice.shipping_taxes, [note.shipping_taxes for note in _credits(invoice)])
    return _of_amount(refund.shipping, left, invoice.currency)


def _left(billed: list[dict[str, str]], credited: Iterable[list[dict[str, str]]]) -> Shares:
    """What earlier credits leave of each rate."""
    left = {_rate(share): share for share in map(TaxShare.from_json, billed)}
    for shares in credited:
        for share in map(TaxShare.from_json, shares):
            left[_rate(share)] = _plus(left[_rate(share)], -share.gross, -share.tax)
    return left


def _added(lines: Iterable[BilledLine], sent: Mapping[Rate, TaxShare], invoice: Invoice) -> Shares:
    """Lines and shipping, summed up by rate."""
    taxes = dict(sent)
    for line in lines:
        rate = (line.tax_rate, line.tax_category)
        charged = line.total - line.discount
        gross = charged if invoice.prices_include_tax else charged + line.tax
        nothing = TaxShare(line.tax_rate, Decimal(0), Decimal(0), Decimal(0), line.tax_category)
        taxes[rate] = _plus(taxes.get(rate, nothing), gross, line.tax)
    # A line that costs nothing stands at its rate, too, as it does on the invoice (BR-Z-01).
    billed = {_rate(TaxShare.from_json(share)) for share in invoice.taxes}
    return {rate: share for rate, share in taxes.items() if share.gross or rate in billed}


def _fits(taxes: Shares, left: Shares, amount: Decimal) -> bool:
    """Can the parts be credited as they are: do they come to the amount, and is that left?"""
    if sum(share.gross for share in taxes.values()) != amount:
        return False
    for rate, share in taxes.items():
        if share.gross > left[rate].gross or share.tax > left[rate].tax:
            return False
    is_last = amount == sum(share.gross for share in left.values())
    return not is_last or all(left[rate] == share for rate, share in taxes.items())


def _of_amount(amount: Decimal, left: Shares, currency: str) -> Shares:
    """`amount` (gross) over the rates, in proportion to what is left of each."""
    grosses = share_out(amount, [share.gross for share in left.values()], smallest_unit(currency))
    return {
        rate: _portion(share, gross, currency)
        for (rate, share), gross in zip(left.items(), grosses, strict=True)
        if gross
    }


def _portion(share: TaxShare, gross: Decimal, currency: str) -> TaxShare:
    tax = share.tax if gross == share.gross else rounded(gross * share.tax / share.gross, currency)
    return TaxShare(share.rate, gross - tax, tax, gross, share.category)


def _plus(share: TaxShare, gross: Decimal, tax: Decimal) -> TaxShare:
    gross, tax = share.gross + gross, share.tax + tax
    return TaxShare(share.rate, gross - tax, tax, gross, share.category)


def _charged(share: TaxShare, invoice: Invoice) -> Decimal:
    """As the invoice's prices are: gross or net."""
    return share.gross if invoice.prices_include_tax else share.net


def _rate(share: TaxShare) -> Rate:
    return share.rate, share.category
