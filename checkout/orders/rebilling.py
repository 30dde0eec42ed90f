"""Cancelling the invoice of a sold order and billing it again, with other words about the buyer.

What was sold, its VAT and its total stay the order's: nothing the buyer paid changes.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import ProtectedError

from invoices import issuing
from invoices.models import Invoice

from ..models import Address, Order, OrderEvent
from ..tax import taxation, vat_checks
from ..tax.taxation import Destination
from . import billing

Kind = Invoice.Kind
Status = Order.Status
Treatment = Order.TaxTreatment
BILLED = (Status.PAID, Status.FULFILLED, Status.RETURNED)
# What of an address an invoice says.
DETAILS = ("name", "company", "street", "extra", "postcode", "city", "region", "country")


class NothingBilled(Exception):
    """The order is not sold, or no invoice of it stands."""


class AlreadyCredited(Exception):
    """Money was given back on the invoice, and a credit note says so."""


class Overtaken(Exception):
    """Somebody else has billed the order again since; the message is the invoice that stands."""


class TaxWouldChange(Exception):
    """With this VAT id the order would have been taxed in another way, at another total."""


def replaceable(order: Order, documents: Iterable[Invoice]) -> Invoice:
    """The invoice among all `documents` of an order, if it may be cancelled and billed again.

    Raises NothingBilled or AlreadyCredited.
    """
    standing = [document for document in documents if not document.cancelled_at]
    invoice = next((document for document in standing if document.kind == Kind.INVOICE), None)
    if invoice is None or order.status not in BILLED:
        raise NothingBilled(order.number)
    if any(document.kind == Kind.CREDIT_NOTE for document in standing):
        raise AlreadyCredited(invoice.number)
    return invoice


@transaction.atomic
def bill_again(
    order: Order,
    *,
    instead_of: str,
    details: Mapping[str, str],
    vat_id: str,
    reason: str,
    by: User | None,
    at: datetime,
    key: str,
) -> Order:
    """Cancel the invoice numbered `instead_of` and bill the buyer as `details` and `vat_id` say.

    They are kept on the order, so that whatever is written later names the same buyer. The same
    `key` again changes nothing. Raises NothingBilled, AlreadyCredited, Overtaken, TaxWouldChange
    or vat_checks.BeingAsked, and then nothing is written.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    key = f"bill-again:{order.pk}:{key}"
    # After the lock: the same form, sent twice at once, has committed.
    if Invoice.objects.filter(key=key).exists():
        return order
    old = replaceable(order, issuing.documents_of(order.number))
    if old.number != instead_of:
        raise Overtaken(old.number)
    _correct_vat_id(order, vat_id, at=at)
    _correct_address(order, details)
    undone = issuing.cancel(old, key=key, reason=reason, at=at)
    payment = order.attempts.filter(pays_order=True).first()
    bill = billing.bill(order, method=payment.method if payment else "")
    new = issuing.issue_invoice(bill, at=at)
    order.note(
        OrderEvent.Kind.INVOICED,
        at=at,
        by=by,
        why=reason,
        number=new.number,
        replaces=old.number,
        cancellation=undone.number,
    )
    return order


def _correct_vat_id(order: Order, vat_id: str, *, at: datetime) -> None:
    if vat_id == order.vat_id:
        return
    if _treated(order, vat_id) != order.tax_treatment:
        raise TaxWouldChange(vat_id)
    order.vat_id = vat_id
    order.save(update_fields=["vat_id"])
    vat_checks.request_again(order, at=at)


def _treated(order: Order, vat_id: str) -> Treatment:
    """How the order would have been taxed with this id of its buyer."""
    if order.collect_at:
        where = Destination(settings.SHOP_COUNTRY)  # handed over at home
    else:
        address = order.shipping_address
        where = Destination(address.country.code, address.postcode, vat_id)
    return taxation.rules(where, (), at=order.placed_at).treatment


def _correct_address(order: Order, details: Mapping[str, str]) -> None:
    """An address of its own if it is another than the parcel's. The one it had is not kept: what
    was billed to it says so itself, and nothing else would lead there.
    """
    if _says(order.billed_to, details):
        return
    had = order.billing_address
    same = _says(order.shipping_address, details)
    order.billing_address = None if same else Address.objects.create(**details)
    order.save(update_fields=["billing_address"])
    if had:
        with suppress(ProtectedError):  # another order's too
            had.delete()


def _says(address: Address, details: Mapping[str, str]) -> bool:
    return all(str(getattr(address, name)) == details[name] for name in DETAILS)
