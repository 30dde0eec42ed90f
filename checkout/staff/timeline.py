"""What the timeline says about an event beside its name."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..models import OrderEvent

# What an event's data may hold and staff can read; everything else is for the machine.
READABLE: dict[str, Any] = {
    "text": "",
    "goods": "",
    "why": _("Why"),
    "method": _("Paid with"),
    "number": _("Number"),
    "replaces": _("In place of"),
    "cancellation": _("Cancellation"),
    "tracking": _("Tracking number"),
    "vat_id": _("VAT id"),
    "answer": _("The register says"),
    "registered_to": _("Registered to"),
    "amount": _("Amount"),
    "respond_by": _("Answer until"),
    "outcome": _("Outcome"),
}


def details(event: OrderEvent) -> list[tuple[str, str]]:
    """The readable parts of the event's data as (label, value); the label may be empty."""
    known = ((label, event.data.get(key)) for key, label in READABLE.items())
    return [(str(label), str(value)) for label, value in known if value]
