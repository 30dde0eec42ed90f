"""The kinds of message there are, as staff read them."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "order_received": _("Order received"),
    "order_expired": _("Order expired"),
    "order_ready": _("Order ready to be picked up"),
    "order_sent": _("Order sent"),
    "payment_received": _("Payment received"),
    "payment_failed": _("Payment failed"),
    "payment_expired": _("Payment expired"),
    "invoice_corrected": _("Corrected invoice"),
    "refund_made": _("Refund made"),
    "document_cancelled": _("Document cancelled"),
    "notice": _("Notice to the desk"),
}


def in_words(kind: str) -> str:
    """order_received is "Order received". A kind that is no longer written keeps its bare name."""
    return str(KINDS.get(kind, kind))
