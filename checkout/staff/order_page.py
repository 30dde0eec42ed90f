"""One order on one page: who, what, how paid, what happened, what was said."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invoices.models import Invoice
from mailing.records import RecordPage

from ..models import Order
from ..money_back.goods_back import SOLD
from ..orders import notices, rebilling
from .forms import NoteForm, ShipForm
from .money_page import money_of, payments_of
from .permissions import CHANGE, VIEW_INVOICE, VIEW_MESSAGE


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
            taxes=order.tax_shares,
            events=order.events.select_related("by"),
            **money_of(order, payments_of(order), user),
            documents=documents,
            messages_sent=notices.about(order, documents),
            may_change=user.has_perm(CHANGE),
            may_open_documents=user.has_perm(VIEW_INVOICE),
            may_open_messages=user.has_perm(VIEW_MESSAGE),
            may_bill_again=user.has_perm(CHANGE) and _may_bill_again(order, documents),
            may_ship=order.status == Order.Status.PAID and not order.hold,
            may_come_back=order.status in SOLD,
            note_form=NoteForm(),
            ship_form=ShipForm(),
            **kwargs,
        )


def _may_bill_again(order: Order, documents: list[Invoice]) -> bool:
    try:
        rebilling.replaceable(order, documents)
    except (rebilling.NothingBilled, rebilling.AlreadyCredited):
        return False
    return True
