"""E-invoices as XML of EN 16931, in both its spellings: CII (Factur-X) and UBL.

The only module that knows factur-x, and it loads it when called: the web processes start without.
"""

import logging
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.utils.translation import override

from mailing.plain import plain

from .bills import TaxShare
from .einvoice import EInvoice, Item, Party, einvoice_of
from .models import Invoice
from .notes import EXEMPTION_CODES, exemption

INVOICE, CREDIT_NOTE = "380", "381"  # UNTDID 1001
PIECE = "C62"  # UN/ECE Recommendation 20: one
FREIGHT = "FC"  # UNTDID 7161
DISCOUNT = "95"  # UNTDID 5189
ONLINE_PAYMENT = "68"  # UNTDID 4461: online payment service
MAIL = "EM"  # an electronic address that is an e-mail address
PRICE_PLACES = Decimal("0.0001")

# It reports every check of every document.
logging.getLogger("factur-x").setLevel(logging.WARNING)

Fields = dict[str, Any]  # business terms: "BT-1", "BG-4"


def cii_of(document: Invoice) -> bytes:
    """The XML that a Factur-X carries. Ask `completeness.gaps` first. Raises if it is not valid."""
    return _xml(document, "factur-x")


def ubl_of(document: Invoice) -> bytes:
    """The same as UBL. Ask `completeness.gaps` first. Raises if it is not valid."""
    return _xml(document, "ubl-2.1")


def _xml(document: Invoice, flavor: str) -> bytes:
    from facturx.generate_xml import generate_xml

    with override(document.language):
        fields = plain(business_terms(einvoice_of(document)))
    # With a schematron the library posts the invoice to a server; tests run it instead.
    return generate_xml(
        fields, flavor=flavor, level="en16931", check_xsd=True, check_schematron=False
    )


def business_terms(invoice: EInvoice) -> Fields:
    """The invoice by the numbers of EN 16931, amounts as text in the currency's decimals."""
    money = _Money(invoice.currency)
    return {
        "BT-1": invoice.number,
        "BT-2": invoice.issued_on,
        "BT-3": CREDIT_NOTE if invoice.gives_back else INVOICE,
        "BT-5": invoice.currency,
        "BT-13": invoice.order_number,
        **({"BT-72": invoice.delivered_on} if invoice.delivered_on else {}),
        "BT-81": ONLINE_PAYMENT,
        "BT-83": invoice.order_number,
        **({"BT-82": invoice.payment} if invoice.payment else {}),
        "BG-1": [{"BT-22": note} for note in invoice.notes],
        "BG-3": _preceding(invoice.preceding),
        "BG-4": _seller(invoice.seller),
        "BG-7": _party(invoice.buyer),
        "BG-13": _place(invoice.delivered_to),
        "BG-21": [_charge(share, invoice.shipping_reason, money) for share in invoice.shipping],
        "BG-23": [_breakdown(share, money) for share in invoice.taxes],
        "BG-25": [
            _line(position, item, invoice.discount_reason, money)
            for position, item in enumerate(invoice.items, start=1)
        ],
        **_sums(invoice, money),
    }


class _Money:
    """Amounts as the XML writes them: 12.00 euros, 1000 yen."""

    def __init__(self, currency: str) -> None:
        self._places = min(get_currency_precision(currency), 2)

    def __call__(self, amount: Decimal) -> str:
        return f"{amount:.{self._places}f}"


def _sums(invoice: EInvoice, money: _Money) -> Fields:
    # Nothing is ever due: the money came before the document, or went back with it.
    return {
        "BT-106": money(invoice.items_net),
        **({"BT-108": money(invoice.shipping_net)} if invoice.shipping else {}),
        "BT-109": money(invoice.net),
        "BT-110": money(invoice.tax),
        "BT-112": money(invoice.total),
        "BT-113": money(invoice.total),
        "BT-115": money(Decimal(0)),
    }


def _line(position: int, item: Item, reason: str, money: _Money) -> Fields:
    full = item.net + item.discount
    price = full / item.quantity
    if price == price.quantize(PRICE_PLACES):
        per = {"BT-146": _plain(price.quantize(PRICE_PLACES), money(price))}
    else:  # 10.00 for three: a price of each would not multiply back to it
        per = {"BT-146": money(full), "BT-149": str(item.quantity)}
    discount = {"amount": money(item.discount), "reason": reason, "reason_code": DISCOUNT}
    return {
        "BT-126": str(position),
        "BT-129": str(item.quantity),
        "BT-130": PIECE,
        "BT-131": money(item.net),
        **per,
        "BT-151": item.category,
        "BT-152": _percent(item.rate),
        "BT-153": item.name,
        **({"BT-155": item.sku} if item.sku else {}),
        "BG-27": [discount] if item.discount else [],
    }


def _plain(exact: Decimal, shortest: str) -> str:
    """As few decimals as say it: 12.90, 4.1667."""
    return shortest if Decimal(shortest) == exact else str(exact)


def _charge(share: TaxShare, reason: str, money: _Money) -> Fields:
    return {
        "amount": money(share.net),
        "reason": reason,
        "reason_code": FREIGHT,
        "vat_category_code": share.category,
        "vat_rate": _percent(share.rate),
    }


def _breakdown(share: TaxShare, money: _Money) -> Fields:
    why, code = exemption(share.category), EXEMPTION_CODES.get(share.category, "")
    return {
        "BT-116": money(share.net),
        "BT-117": money(share.tax),
        "BT-118": share.category,
        "BT-119": _percent(share.rate),
        **({"BT-120": why} if why else {}),
        **({"BT-121": code} if code else {}),
    }


def _percent(rate: Decimal) -> str:
    return f"{rate:.2f}"


def _preceding(original: tuple[str, date] | None) -> list[Fields]:
    return [{"BT-25": original[0], "BT-26": original[1]}] if original else []


def _seller(party: Party) -> Fields:
    contact = {"name": party.name, "phone": party.phone, "email": party.email}
    return {
        **_party(party),
        **({"legal_info": party.registered} if party.registered else {}),
        "contacts": [{name: value for name, value in contact.items() if value}],
    }


def _party(party: Party) -> Fields:
    mail = {"einvoicing_addr": party.email, "einvoicing_addr_schemeid": MAIL}
    vat_id = {"vat_identifier": party.vat_id}
    return {
        **_place(party),
        **(vat_id if party.vat_id else {}),
        **(mail if party.email else {}),
    }


def _place(party: Party) -> Fields:
    fields = {
        "name": party.name,
        "country_code": party.country,
        "addr_l1": party.street,
        "addr_l2": party.extra,
        "postcode": party.postcode,
        "city": party.city,
        "country_subdivision": party.region,
    }
    return {name: value for name, value in fields.items() if value}
