"""A document as e-invoices see it: everything net, by the terms of EN 16931."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import notes
from .bills import TaxShare
from .models import Invoice, InvoiceLine, TaxCategory


@dataclass(frozen=True)
class Party:
    """Who sells, buys or receives. Only `name` and `country` (ISO code) are always there."""

    name: str
    country: str
    street: str = ""
    extra: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    email: str = ""
    phone: str = ""
    vat_id: str = ""
    registered: str = ""


@dataclass(frozen=True)
class Item:
    """One line. `net` is what remains of quantity × price after `discount`; both net."""

    name: str
    sku: str
    quantity: int
    net: Decimal
    discount: Decimal
    category: str
    rate: Decimal


@dataclass(frozen=True)
class EInvoice:
    """What an e-invoice says. Amounts in major units of `currency`, sums derived from the parts."""

    number: str
    gives_back: bool
    issued_on: date
    delivered_on: date | None
    currency: str
    order_number: str
    seller: Party
    buyer: Party
    delivered_to: Party
    items: Sequence[Item]
    shipping: Sequence[TaxShare]
    taxes: Sequence[TaxShare]
    preceding: tuple[str, date] | None  # number and day of what it corrects
    discount_reason: str
    shipping_reason: str
    notes: Sequence[str]
    payment: str

    @property
    def items_net(self) -> Decimal:
        return sum((item.net for item in self.items), Decimal(0))

    @property
    def shipping_net(self) -> Decimal:
        return sum((share.net for share in self.shipping), Decimal(0))

    @property
    def net(self) -> Decimal:
        return self.items_net + self.shipping_net

    @property
    def tax(self) -> Decimal:
        return sum((share.tax for share in self.taxes), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.net + self.tax

    def amounts(self) -> Iterator[Decimal]:
        """Every amount it says, sums left out."""
        for item in self.items:
            yield from (item.net, item.discount)
        for share in (*self.shipping, *self.taxes):
            yield from (share.net, share.tax, share.gross)


def einvoice_of(document: Invoice) -> EInvoice:
    """An invoice, credit note or cancellation, in its language. Ask `gaps` first."""
    shipping = [TaxShare.from_json(share) for share in document.shipping_taxes]
    items = [_item(document, line) for line in document.lines.all()]
    with override(document.language):
        reason = _("Shipping")
        if not items:  # a standard wants a line: what gives back nothing but the shipping has none
            items, shipping = [_sent(reason, share) for share in shipping], []
        return EInvoice(
            number=document.number,
            gives_back=document.gives_back,
            issued_on=_day(document.issued_at),
            delivered_on=_delivered_on(document),
            currency=document.currency,
            order_number=document.order_number,
            seller=_seller(document.seller),
            buyer=_party(document.billed_to),
            delivered_to=_party(document.delivered_to or document.billed_to),
            items=items,
            shipping=shipping,
            taxes=[TaxShare.from_json(share) for share in document.taxes],
            preceding=_preceding(document),
            discount_reason=document.discount_label or _("Discount"),
            shipping_reason=document.shipping_method or reason,
            notes=[note for note in (notes.correction(document), document.reason) if note],
            payment=document.payment,
        )


def _item(document: Invoice, line: InvoiceLine) -> Item:
    left, discount = line.total - line.discount, line.discount
    if document.prices_include_tax:
        left -= line.tax
        discount = _rounded(discount * 100 / (100 + line.tax_rate), document.currency)
    return Item(
        name=line.name,
        sku=line.sku,
        quantity=line.quantity,
        net=left,
        discount=discount,
        category=line.tax_category,
        rate=line.tax_rate,
    )


def _sent(reason: str, share: TaxShare) -> Item:
    return Item(reason, "", 1, share.net, Decimal(0), share.category, share.rate)


def _seller(stored: dict[str, Any]) -> Party:
    return _party({**stored, "registered": stored.get("register_entry", "")})


def _party(stored: dict[str, Any]) -> Party:
    known = {name: str(stored.get(name, "")) for name in Party.__dataclass_fields__}
    known["vat_id"] = "".join(known["vat_id"].split()).upper()
    company = str(stored.get("company", ""))
    if company:
        # The company is the buyer; who ordered for it stands in the address.
        extra = ", ".join(filter(None, (known["name"], known["extra"])))
        known |= {"name": company, "extra": extra}
    return Party(**known)


def _preceding(document: Invoice) -> tuple[str, date] | None:
    original = document.corrects
    return (original.number, _day(original.issued_at)) if original else None


def _delivered_on(document: Invoice) -> date | None:
    """Unknown, for the goods leave after the invoice is written. Between member states a day must
    be told (BR-IC-11 of EN 16931): there it is the day of the sale."""
    categories = {share.get("category") for share in document.taxes}
    between_states = TaxCategory.INTRA_COMMUNITY in categories
    return _day(_sale(document).sold_at) if between_states else None


def _sale(document: Invoice) -> Invoice:
    """The invoice at the root of what a document corrects."""
    return _sale(document.corrects) if document.corrects else document


def _day(moment: datetime) -> date:
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def _rounded(amount: Decimal, currency: str) -> Decimal:
    unit = Decimal(1).scaleb(-get_currency_precision(currency))
    return amount.quantize(unit, rounding=ROUND_HALF_UP)
