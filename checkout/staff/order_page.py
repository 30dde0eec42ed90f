"""One order on one page: who, what, how paid, what happened, what was said."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invoices.models import Invoice
from mailing.models import Message
from mailing.records import RecordPage
from products.money import smallest_unit

from .. import gateways
from ..models import Order, PaymentAttempt
from .permissions import CHANGE, VIEW_INVOICE, VIEW_MESSAGE


class NoteForm(forms.Form):
    """A line for the timeline."""

    text = forms.CharField(
        label=gettext_lazy("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ShipForm(forms.Form):
    """The parcel is on its way."""

    tracking = forms.CharField(
        label=gettext_lazy("Tracking number, if there is one"), max_length=100, required=False
    )


@dataclass(frozen=True)
class Payment:
    """An attempt as staff read it: amount in major units, `link` into the provider's dashboard."""

    attempt: PaymentAttempt
    amount: Decimal
    link: str


class OrderPage(RecordPage):
    """Everything about one order, and what may be done to it."""

    page_title = gettext_lazy("Order")

    def get_meta_title(self) -> str:
        return _("Order %(number)s") % {"number": self.instance.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order, user = self.instance, self.request.user
        documents = list(Invoice.objects.filter(order_number=order.number))
        return super().get_context_data(
            order=order,
            lines=order.lines.all(),
            taxes=[_share(share) for share in order.taxes],
            events=order.events.select_related("by"),
            payments=[_payment(attempt) for attempt in order.attempts.all()],
            documents=documents,
            messages_sent=_messages(order, documents),
            may_change=user.has_perm(CHANGE),
            may_open_documents=user.has_perm(VIEW_INVOICE),
            may_open_messages=user.has_perm(VIEW_MESSAGE),
            may_ship=order.status == Order.Status.PAID and not order.hold,
            note_form=NoteForm(),
            ship_form=ShipForm(),
            **kwargs,
        )


def _share(stored: dict[str, str]) -> dict[str, Decimal]:
    """The VAT of one rate; JSON keeps its amounts as text."""
    return {name: Decimal(stored[name]) for name in ("rate", "net", "tax", "gross")}


def _payment(attempt: PaymentAttempt) -> Payment:
    amount = attempt.amount_minor * smallest_unit(attempt.currency)
    known = attempt.gateway in gateways.GATEWAYS
    link = gateways.get(attempt.gateway).dashboard_url(attempt) if known else ""
    return Payment(attempt, amount, link)


def _messages(order: Order, documents: list[Invoice]) -> QuerySet[Message]:
    """What was written to the buyer about this order. Keys: order:<id>:…, invoice:<id>."""
    about_documents = [f"invoice:{document.pk}" for document in documents]
    return Message.objects.filter(
        Q(key__startswith=f"order:{order.pk}:") | Q(key__in=about_documents)
    ).order_by("created_at")
