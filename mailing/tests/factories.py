"""Messages for tests."""

from datetime import UTC, datetime

import factory

from mailing.models import Message

AT = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)

SHOP = {
    "brand": "Still Leaf",
    "name": "Still Leaf Teehandel GmbH",
    "lines": ["Speicherstadt 12", "20457 Hamburg", "Germany"],
    "email": "hello@still-leaf.example",
    "url": "https://still-leaf.example",
}

ORDER = {
    "shop": SHOP,
    "name": "Ada Lovelace",
    "order_number": "7K3Q-9XMF",
    "order_url": "https://still-leaf.example/orders/secret/",
    "total": "€58.30",
}

CONTEXTS = {
    "order_received": {
        **ORDER,
        "lines": [
            {"name": "Sencha Kirishima, 100 g", "quantity": 2, "total": "€29.80"},
            {"name": "Kyusu teapot, moss green", "quantity": 1, "total": "€28.50"},
        ],
        "shipping_method": "Parcel",
        "shipping": "€4.90",
        "taxes": [{"rate": "7.00", "tax": "€1.95"}, {"rate": "19.00", "tax": "€5.33"}],
        "pay_url": "https://still-leaf.example/orders/secret/",
        "pay_until": "14 March 2026, 11:26",
    },
    "payment_received": {**ORDER, "invoice_number": "INV-2026-00042"},
    "invoice_corrected": {
        **ORDER,
        "invoice_number": "INV-2026-00043",
        "replaces": "INV-2026-00042",
    },
    "payment_failed": ORDER,
    "payment_expired": {**ORDER, "pay_until": "14 March 2026, 11:26"},
    "order_expired": ORDER,
    "refund_made": {
        **ORDER,
        "invoice_number": "CRN-2026-00007",
        "corrects": "INV-2026-00042",
        "reason": "Returned within the time allowed",
    },
    "document_cancelled": {
        **ORDER,
        "invoice_number": "CAN-2026-00001",
        "corrects": "CRN-2026-00007",
        "corrects_credit": True,
        "reason": "The bank refused the refund",
    },
    "order_ready": {**ORDER, "collect_at": "Lindenweg 8, Berlin\nMon–Fri 10–18"},
    "order_sent": {
        **ORDER,
        "tracking": "00340434161094042557",
        "address": ["Ada Lovelace", "Lindenstraße 12", "10969 Berlin"],
        "shipping_method": "Parcel",
    },
}


class MessageFactory(factory.django.DjangoModelFactory):
    """A message that is due at AT."""

    class Meta:
        model = Message

    key = factory.Sequence(lambda number: f"test:{number}")
    kind = "payment_received"
    recipient = "ada@example.com"
    context = factory.LazyAttribute(lambda message: CONTEXTS[message.kind])
    created_at = AT
    due_at = AT
