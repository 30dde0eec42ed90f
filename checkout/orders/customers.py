"""Who is one customer: an e-mail address, however it is spelled."""

import unicodedata
from hashlib import sha256
from zlib import crc32

from django.db import connection
from django.utils.crypto import salted_hmac

LONGEST = 254  # of `Order.customer`
# The providers that deliver with and without dots to the same person.
DOTS_IGNORED = {"gmail.com"}
SAME_PROVIDER = {"googlemail.com": "gmail.com"}


def identity(email: str) -> str:
    """The same text for every spelling of one address that reaches one person.

    Case, look-alike characters (NFKC), the form of an international domain, quotes and what
    follows a plus do not matter; dots only where the provider says so.
    """
    local, _, domain = email.strip().rpartition("@")
    domain = _ascii(_folded(domain).strip("."))
    domain = SAME_PROVIDER.get(domain, domain)
    local = _folded(local).strip('"').partition("+")[0]
    if domain in DOTS_IGNORED:
        local = local.replace(".", "")
    customer = f"{local}@{domain}"
    # Folding may make an address longer than any address.
    return customer if len(customer) <= LONGEST else sha256(customer.encode()).hexdigest()


def network(client: str) -> str:
    """A name for the network a client is in that tells nobody its address; "" for none known."""
    if not client:
        return ""
    return salted_hmac("checkout.customers.network", client, algorithm="sha256").hexdigest()


def one_at_a_time(customer: str) -> None:
    """Until the transaction ends, whoever else asks for this customer waits.

    Taken before any other lock. SQLite needs none: its writers queue from the start.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Two numbers: a space of locks of our own, and the customer in it.
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SPACE, _signed(customer)])


SPACE = 0x5EED  # nothing else in this database asks for locks in it


def _signed(customer: str) -> int:
    return crc32(customer.encode()) - 2**31


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
