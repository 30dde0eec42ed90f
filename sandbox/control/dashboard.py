"""The control page: the state of everything, with a button for everything."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sandbox import money, settings
from sandbox.api import faults, routes
from sandbox.models import Delivery, Document, Fault, ReceivedRequest, Try
from sandbox.objects import store
from sandbox.objects.disputes import OPEN
from sandbox.objects.endpoints import DEFAULT
from sandbox.webhooks import modes

SHOWN = 20  # rows per table


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """All on one page."""
    default = Document.objects.filter(kind="webhook_endpoint", key=DEFAULT).first()
    return render(request, "sandbox/control.html", {
        "merchant": settings.MERCHANT,
        "said": request.GET.get("said", ""),
        "sessions": [_session(row) for row in store.find("checkout.session")[:SHOWN]],
        "payments": [_payment(row) for row in store.find("payment_intent")[:SHOWN]],
        "refunds": [_money_row(row) for row in store.find("refund")[:SHOWN]],
        "disputes": [_dispute(row) for row in store.find("dispute")[:SHOWN]],
        "events": [_event(row) for row in store.find("event")[:SHOWN]],
        "log": [_try(row) for row in Try.objects.order_by("-pk")[:SHOWN]],
        "requests": ReceivedRequest.objects.order_by("-pk")[:SHOWN],
        "faults": Fault.objects.order_by("pk"),
        "fault_kinds": faults.KINDS,
        "operations": sorted(operation.name for operation in routes.OPERATIONS),
        "mode": modes.current(),
        "modes": modes.MODES,
        "held": Delivery.objects.filter(state=Delivery.State.HELD).count(),
        "owed": Delivery.objects.filter(state=Delivery.State.PENDING).count(),
        "endpoint": default.data["url"] if default else "",
        "endpoint_secret": default.private["secret"] if default else "",
    })  # fmt: skip


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def _money_row(row: Document) -> dict[str, object]:
    return row.data | {
        "at": _moment(row.created),
        "shown_amount": money.shown(row.data["amount"], row.data["currency"]),
    }


def _session(row: Document) -> dict[str, object]:
    data = row.data
    return data | {
        "at": _moment(row.created),
        "shown_amount": money.shown(data["amount_total"], data["currency"]),
        "is_open": data["status"] == "open",
        "is_under_way": data["status"] == "complete" and data["payment_status"] == "unpaid",
    }


def _payment(row: Document) -> dict[str, object]:
    charge = Document.objects.filter(kind="charge", key=row.data["latest_charge"]).first()
    refunded = charge.data["amount_refunded"] if charge else 0
    paid = row.data["status"] == "succeeded"
    disputed = bool(charge and charge.data["disputed"])
    return _money_row(row) | {
        "refunded": money.shown(refunded, row.data["currency"]) if refunded else "",
        "left": row.data["amount"] - refunded if paid and not disputed else 0,
        "may_dispute": paid and not disputed,
    }


def _dispute(row: Document) -> dict[str, object]:
    return _money_row(row) | {"is_open": row.data["status"] in OPEN}


def _event(row: Document) -> dict[str, object]:
    return {
        "id": row.key,
        "type": row.data["type"],
        "subject": row.data["data"]["object"]["id"],
        "at": _moment(row.created),
        "pending": row.data["pending_webhooks"],
    }


def _try(row: Try) -> dict[str, object]:
    return {
        "at": _moment(row.at),
        "type": row.type,
        "url": row.url,
        "status": row.status,
        "ms": row.ms,
        "error": row.error,
        "ok": 200 <= row.status < 300,
    }
