"""Everything the shop knows about an order in one ZIP, for a bank that decides a dispute.

The same order in the same state gives the same bytes: a pack sent twice is one pack.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.core.files.storage import storages
from django.core.mail import EmailMultiAlternatives
from django.utils.text import get_valid_filename
from django.utils.translation import override

from invoices import issuing
from mailing.models import Message
from mailing.plain import one_line
from mailing.rendering import words_of

from ..models import Dispute, Order, PaymentAttempt, Refund
from ..orders import notices

# ZIP knows no time zone and nothing before 1980.
ALWAYS = (1980, 1, 1, 0, 0, 0)
LANGUAGE = "en"  # which every bank reads


def pack(order: Order, file: IO[bytes]) -> None:
    """Write the pack of an order into `file`: order, timeline, documents, mails.

    A document that is not printed yet, or whose file is gone, is named in `missing.txt`.
    """
    missing: list[str] = []
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with override(LANGUAGE):
            for name, content in _texts(order):
                _add(archive, name, content.encode())
        documents = list(issuing.documents_of(order.number))
        for number, message in enumerate(notices.about(order, documents), 1):
            _add(archive, f"mails/{number:02d}-{_safe(message.kind)}.eml", _as_mail(message, order))
        for document in documents:
            if not _add_document(archive, document):
                missing.append(document.number)
        if missing:
            _add(archive, "missing.txt", "\n".join([*missing, ""]).encode())


def file_name(order: Order) -> str:
    """What the pack is called: order-7K3Q-9XMF.zip."""
    return f"order-{_safe(order.number)}.zip"


def _texts(order: Order) -> Iterator[tuple[str, str]]:
    facts = _facts(order)
    yield "order.json", json.dumps(facts, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    yield "order.txt", _in_words(facts)
    yield "timeline.txt", "".join(f"{line}\n" for line in _timeline(order))


def _facts(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "status": order.status,
        "placed_at": _moment(order.placed_at),
        "paid_at": _moment(order.paid_at),
        "terms_accepted_at": _moment(order.terms_accepted_at),
        "email": order.email,
        "shipping_address": order.shipping_address.lines(),
        "billing_address": (order.billing_address or order.shipping_address).lines(),
        "shipping_method": order.shipping_method,
        "tracking": [
            event.data["tracking"]
            for event in order.events.filter(kind="fulfilled")
            if event.data.get("tracking")
        ],
        "currency": order.currency,
        "goods": str(order.subtotal),
        "discount": str(order.discount),
        "shipping": str(order.shipping),
        "tax": str(order.tax),
        "total": str(order.total),
        "lines": [
            {
                "sku": line.sku,
                "name": line.full_name,
                "quantity": line.quantity,
                "unit_price": str(line.unit_price),
                "total": str(line.total),
            }
            for line in order.lines.all()
        ],
        "payments": [_payment(attempt) for attempt in order.attempts.order_by("pk")],
        "refunds": [_refund(refund) for refund in order.refunds.order_by("pk")],
        "disputes": [_dispute(dispute) for dispute in order.disputes.order_by("pk")],
    }


def _payment(attempt: PaymentAttempt) -> dict[str, Any]:
    return {
        "state": attempt.state,
        "method": attempt.method,
        "payment": attempt.payment_reference,
        "page": attempt.reference,
        "started_at": _moment(attempt.created_at),
        "settled_at": _moment(attempt.settled_at),
    }


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "state": refund.state,
        "amount": str(refund.amount),
        "currency": refund.currency,
        "reason": refund.reason,
        "refund": refund.reference,
        "ordered_at": _moment(refund.created_at),
    }


def _dispute(dispute: Dispute) -> dict[str, Any]:
    return {
        "state": dispute.state,
        "amount": str(dispute.amount),
        "currency": dispute.currency,
        "reason": dispute.reason,
        "dispute": dispute.reference,
        "opened_at": _moment(dispute.opened_at),
        "respond_by": _moment(dispute.respond_by),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _in_words(facts: dict[str, Any], indent: str = "") -> str:
    """The facts for a person: a name and a value a line."""
    text = ""
    for name, value in facts.items():
        label = f"{indent}{name.replace('_', ' ')}:"
        if isinstance(value, list):
            text += f"{label}\n"
            for item in value:
                inner = _in_words(item, indent + "    ") if isinstance(item, dict) else ""
                text += f"{inner}\n" if inner else f"{indent}    {one_line(str(item))}\n"
        else:
            text += f"{label} {one_line(str(value if value is not None else '–'))}\n"
    return text


def _timeline(order: Order) -> Iterator[str]:
    """What happened; not what colleagues noted for each other."""
    for event in order.events.exclude(kind__in=["note", "reviewed"]):
        tracking = event.data.get("tracking")
        more = f" ({one_line(str(tracking))})" if tracking else ""
        yield f"{_moment(event.at)}  {event.get_kind_display()}{more}"


def _as_mail(message: Message, order: Order) -> bytes:
    """The mail as it was sent, without the buyer's secret link; its attachments lie beside it."""
    words = words_of(message)
    text = words.text.replace(order.token, "…")
    mail = EmailMultiAlternatives(
        one_line(words.subject), text, settings.DEFAULT_FROM_EMAIL, [message.recipient]
    )
    mail.extra_headers = {
        "Date": format_datetime((message.sent_at or message.created_at).astimezone(UTC)),
        "Message-ID": f"<message-{message.pk}>",
        "X-State": message.state,
    }
    return mail.message().as_bytes()


def _add_document(archive: ZipFile, document: Any) -> bool:
    if not document.printed_at:
        return False
    try:
        with storages["private"].open(document.file.name) as file:
            content = file.read()
    except OSError:
        return False
    _add(archive, f"documents/{_safe(document.number)}.pdf", content)
    return True


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(name, ALWAYS)
    entry.external_attr, entry.compress_type = 0o644 << 16, ZIP_DEFLATED
    archive.writestr(entry, content)


def _safe(name: str) -> str:
    return get_valid_filename(name.replace("/", "-"))
