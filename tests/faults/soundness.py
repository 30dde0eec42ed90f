"""Do the books balance? Asked after every fault, of the tables themselves and of the provider."""

import re
from collections import Counter

from tests.faults.shop import FragileShop

# Each finds rows that must not be.
BREACHES = {
    "an order is paid or sent without a payment": """
        SELECT number FROM checkout_order o
        WHERE status NOT IN ('placed', 'cancelled', 'expired') AND total > 0 AND NOT EXISTS (
            SELECT 1 FROM checkout_paymentattempt a
            WHERE a.order_id = o.id AND a.state = 'paid')""",
    "money was taken twice for one order": """
        SELECT order_id, count(*) FROM checkout_paymentattempt WHERE state = 'paid'
        GROUP BY order_id HAVING count(*) > 1""",
    "money was taken for an order that is closed, and nobody is told": """
        SELECT number, status FROM checkout_order o
        WHERE status NOT IN ('paid', 'fulfilled', 'returned') AND hold = '' AND EXISTS (
            SELECT 1 FROM checkout_paymentattempt a
            WHERE a.order_id = o.id AND a.state = 'paid')""",
    "the order's total is not what was charged": """
        SELECT number, total, amount_minor FROM checkout_order o
        JOIN checkout_paymentattempt a ON a.order_id = o.id
        WHERE a.state = 'paid' AND total * 100 <> amount_minor""",
    "a paid order has no invoice, or another total on it": """
        SELECT o.number, o.total, i.total FROM checkout_order o
        LEFT JOIN invoices_invoice i ON i.order_number = o.number AND i.kind = 'invoice'
        WHERE o.status IN ('paid', 'fulfilled', 'returned') AND o.total IS DISTINCT FROM i.total""",
    "an invoice was written for an order nobody paid": """
        SELECT i.number FROM invoices_invoice i JOIN checkout_order o ON o.number = i.order_number
        WHERE o.status IN ('placed', 'cancelled', 'expired')""",
    "numbers have a gap, or the counter is elsewhere": """
        SELECT s.series, s.year, s.last, count(i.id), max(i.sequence), count(DISTINCT i.sequence)
        FROM invoices_numberseries s
        LEFT JOIN invoices_invoice i ON i.series = s.series AND i.year = s.year
        GROUP BY s.id HAVING s.last <> count(i.id) OR s.last <> count(DISTINCT i.sequence)
        OR s.last <> coalesce(max(i.sequence), 0)""",
    "stock is not what its ledger says": """
        SELECT s.variant_id, on_hand, reserved, sum(on_hand_change), sum(reserved_change)
        FROM products_stockitem s JOIN products_stockmovement m ON m.item_id = s.variant_id
        GROUP BY s.variant_id
        HAVING on_hand <> sum(on_hand_change) OR reserved <> sum(reserved_change)""",
    "goods are promised to nobody, or not to those who wait": """
        SELECT s.variant_id, reserved, coalesce(sum(l.quantity), 0) FROM products_stockitem s
        LEFT JOIN (checkout_orderline l JOIN checkout_order o ON o.id = l.order_id
        AND o.status = 'placed') ON l.variant_id = s.variant_id
        GROUP BY s.variant_id HAVING reserved <> coalesce(sum(l.quantity), 0)""",
    "goods left the shelf another number of times than they were sold": """
        SELECT o.number, count(m.id) FROM checkout_order o JOIN products_stockmovement m
        ON m.reference = o.number AND m.reason = 'sold' JOIN checkout_orderline l
        ON l.order_id = o.id AND l.variant_id = m.item_id GROUP BY o.id, o.number, o.status, l.id
        HAVING count(m.id) <> 1 OR o.status NOT IN ('paid', 'fulfilled', 'returned')""",
    "a code is used other than by the order that names it": """
        SELECT o.number, coupon_code, status, released_at FROM checkout_order o
        LEFT JOIN checkout_couponredemption r ON r.order_id = o.id
        WHERE (coupon_code <> '') <> (r.id IS NOT NULL) OR r.id IS NOT NULL
        AND (r.released_at IS NULL) = (status IN ('cancelled', 'expired'))""",
    "something on a timeline happened twice": """
        SELECT order_id, kind, count(*) FROM checkout_orderevent
        WHERE kind IN ('placed', 'paid', 'invoiced', 'cancelled', 'expired')
        GROUP BY order_id, kind HAVING count(*) > 1""",
    "a paid order owes a mail that nobody wrote": """
        SELECT o.number FROM checkout_order o
        JOIN invoices_invoice i ON i.order_number = o.number WHERE i.printed_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM mailing_message m WHERE m.key = 'invoice:' || i.id)""",
    "a message waits without a time": """
        SELECT id, kind FROM mailing_message WHERE state = 'due' AND due_at IS NULL""",
}


def assert_sound(shop: FragileShop) -> None:
    """Raises AssertionError naming every breach."""
    breaches = {name: rows for name, query in BREACHES.items() if (rows := shop.sql(query))}
    if unequal := _payments_unequal(shop):
        breaches["the provider holds other payments than the shop"] = unequal
    if differing := _refunds_unequal(shop):
        breaches["other money went back than the shop says"] = differing
    if open_pages := _pages_that_should_be_closed(shop):
        breaches["somebody can still pay for what is paid or closed"] = open_pages
    if wrong := _mails_wrong(shop):
        breaches["a mail is missing or doubled"] = wrong
    if said := _found_by_the_shop(shop):
        breaches["check_shop"] = [(said,)]
    assert not breaches, breaches


def mails_of(shop: FragileShop) -> Counter[int]:
    """How often each message, by its id, has arrived."""
    names = [re.match(r"<message-(\d+)-", mail["Message-ID"]) for mail in shop.mails.messages]
    return Counter(int(name[1]) for name in names if name)


def _payments_unequal(shop: FragileShop) -> list[tuple[object, ...]]:
    ours = shop.sql(
        "SELECT payment_reference, amount_minor, lower(currency) FROM checkout_paymentattempt"
        " WHERE state = 'paid' AND amount_minor > 0"
    )
    theirs = shop.provider_knows(
        "SELECT key, json_extract(data, '$.amount'), json_extract(data, '$.currency')"
        " FROM sandbox_document WHERE kind = 'payment_intent'"
        " AND json_extract(data, '$.status') = 'succeeded'"
    )
    return sorted(set(ours) ^ set(theirs))


def _refunds_unequal(shop: FragileShop) -> list[tuple[object, ...]]:
    ours = shop.sql(
        "SELECT reference, amount_minor, state FROM checkout_refund WHERE state <> 'owed'"
    )
    theirs = shop.provider_knows(
        "SELECT key, json_extract(data, '$.amount'), json_extract(data, '$.status')"
        " FROM sandbox_document WHERE kind = 'refund'"
    )
    return sorted(set(ours) ^ set(theirs), key=str)


def _pages_that_should_be_closed(shop: FragileShop) -> list[tuple[object, ...]]:
    pages = shop.provider_knows(
        "SELECT json_extract(data, '$.client_reference_id') FROM sandbox_document"
        " WHERE kind = 'checkout.session' AND json_extract(data, '$.status') = 'open'"
    )
    numbers = [number for (number,) in pages]
    return shop.sql(
        "SELECT number, status FROM checkout_order WHERE number = ANY(%s) AND status <> 'placed'",
        numbers,
    )


def _mails_wrong(shop: FragileShop) -> list[tuple[object, ...]]:
    arrived = mails_of(shop)
    sent = {pk for (pk,) in shop.sql("SELECT id FROM mailing_message WHERE state = 'sent'")}
    lost = [("never arrived", pk) for pk in sent - arrived.keys()]
    doubled = arrived - Counter(set(arrived)) - shop.excused
    return [*lost, *(("arrived again", pk) for pk in doubled)]


def _found_by_the_shop(shop: FragileShop) -> str:
    """What `manage.py check_shop` says, if there is such a command."""
    if not shop.can("check_shop"):
        return ""
    try:
        shop.manage("check_shop")
    except AssertionError as found:
        return str(found)
    return ""
