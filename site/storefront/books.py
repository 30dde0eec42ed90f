"""Every invariant of the shop, checked on its live data.

Each app knows what must hold of its own rows; this is the list of them. Nothing is mended here:
a breach is shown to somebody who finds out how it came about.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from checkout.auditing import checking as orders
from checkout.auditing import coupon_uses as coupons
from checkout.auditing import shop_country
from invoices import checking as documents
from mailing import checking as mails
from mailing.breaches import Breach
from products import checking as goods
from products.finding import checking as lists


def breaches(at: datetime) -> list[Breach]:
    """Whatever is not as it must be at `at`. Nothing, on a sound shop.

    Looked at twice: an order that is paid between two queries is no breach.
    """
    seen = {(breach.invariant, breach.subject) for breach in _look(at)}
    again = _look(at) if seen else ()
    return [breach for breach in again if (breach.invariant, breach.subject) in seen]


def _look(at: datetime) -> Iterator[Breach]:
    for breach in chain(goods.breaches(at=at), lists.breaches(at=at)):
        # The catalogue knows nobody, so it has a class of its own for the same three words.
        yield Breach(breach.invariant, breach.subject, breach.detail)
    yield from orders.breaches()
    yield from coupons.breaches()
    yield from shop_country.breaches(at=at)
    yield from documents.breaches()
    yield from mails.breaches()
