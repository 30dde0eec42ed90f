"""The books, looked over: numbers, sums, corrections and files, one query for each where it can."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import CharField, Count, Exists, F, Max, Min, OuterRef, Q, Sum, Value
from django.db.models.functions import Cast, Concat, Round

from mailing.breaches import Breach
from mailing.models import Message

from . import letters
from .models import Invoice, NumberSeries
from .printing import MOST_ATTEMPTS

CHUNK = 500
NOTHING = Decimal(0)


def breaches() -> Iterator[Breach]:
    """What does not hold of the documents. Reads every file; the rest is a handful of queries."""
    yield from _numbers()
    yield from _sums()
    yield from _overcredited()
    yield from _inexact_cancellations()
    yield from _files()
    yield from _unprinted()
    yield from _unmailed()


def _numbers() -> Iterator[Breach]:
    """Distinct, as many as the last of them, from 1, and the counter stands there."""
    counters = {(row.series, row.year): row.last for row in NumberSeries.objects.all()}
    given = {
        (row["series"], row["year"]): row
        for row in Invoice.objects.order_by()
        .values("series", "year")
        .annotate(
            rows=Count("pk"),
            numbers=Count("sequence", distinct=True),
            first=Min("sequence"),
            last=Max("sequence"),
        )
    }
    for series in sorted(counters.keys() | given.keys()):
        counter = counters.get(series, 0)
        found = given.get(series, {"rows": 0, "numbers": 0, "first": 1, "last": 0})
        if found["first"] != 1 or {found["rows"], found["numbers"], found["last"]} != {counter}:
            yield Breach(
                "the numbers of a series are 1…N",
                "{}-{}".format(*series),
                f"{found['rows']} documents with {found['numbers']} numbers from {found['first']}"
                f" to {found['last']}, the counter at {counter}",
            )


def _sums() -> Iterator[Breach]:
    """Lines, discount, shipping, VAT and total of each document agree."""
    for document in Invoice.objects.order_by("pk").prefetch_related("lines").iterator(CHUNK):
        for what, (one, other) in _sums_of(document).items():
            if one != other:
                detail = f"{what}: {one} ≠ {other}"
                yield Breach("the sums of a document agree", document.number, detail)


def _sums_of(document: Invoice) -> dict[str, tuple[Decimal, Decimal]]:
    """Pairs that must be the same."""
    lines = document.lines.all()
    taxes, shipping = _added(document.taxes), _added(document.shipping_taxes)
    priced = "gross" if document.prices_include_tax else "net"
    paid = document.subtotal - document.discount + document.shipping
    return {
        "lines, subtotal": (sum((line.total for line in lines), NOTHING), document.subtotal),
        "discounts, discount": (sum((line.discount for line in lines), NOTHING), document.discount),
        "goods and shipping, rates": (paid, taxes[priced]),
        "shipping, its rates": (document.shipping, shipping[priced]),
        "VAT of the parts, of the rates": (
            sum((line.tax for line in lines), shipping["tax"]),
            taxes["tax"],
        ),
        "net and VAT, gross": (taxes["net"] + taxes["tax"], taxes["gross"]),
        "rates, total": (taxes["gross"], document.total),
    }


def _added(shares: list[dict[str, str]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for share in shares:
        for name in ("net", "tax", "gross"):
            sums[name] += Decimal(share[name])
    return sums


def _overcredited() -> Iterator[Breach]:
    standing = Q(corrections__kind=Invoice.Kind.CREDIT_NOTE, corrections__cancelled_at=None)
    # As it would be stored: SQLite adds in binary fractions.
    credited = Round(Sum("corrections__total", filter=standing), precision=3)
    invoices = Invoice.objects.annotate(credited=credited)
    for invoice in invoices.filter(credited__gt=F("total")).iterator(CHUNK):
        yield Breach(
            "no more is credited than was billed",
            invoice.number,
            f"{invoice.credited} of {invoice.total}",
        )


def _inexact_cancellations() -> Iterator[Breach]:
    cancellations = Invoice.objects.filter(kind=Invoice.Kind.CANCELLATION)
    inexact = ~Q(total=F("corrects__total")) | Q(corrects__cancelled_at=None)
    for document in cancellations.filter(inexact).select_related("corrects").iterator(CHUNK):
        yield Breach(
            "a cancellation undoes a document exactly",
            document.number,
            f"total {document.total}; it corrects {document.corrects}",
        )
    cancelled = Invoice.objects.exclude(cancelled_at=None)
    for document in cancelled.exclude(corrections__kind=Invoice.Kind.CANCELLATION).iterator(CHUNK):
        yield Breach("what is cancelled has its cancellation", document.number, "there is none")


def _files() -> Iterator[Breach]:
    for document in Invoice.objects.exclude(printed_at=None).order_by("pk").iterator(CHUNK):
        if detail := _fault_of_file(document):
            yield Breach("a printed document has its file", document.number, detail)


def _fault_of_file(document: Invoice) -> str:
    try:
        with document.file.open("rb") as file:
            found = sha256(file.read()).hexdigest()
    except OSError as error:
        return f"{document.file.name}: {type(error).__name__}"
    return "" if found == document.sha256 else f"{document.file.name} has changed"


def _unprinted() -> Iterator[Breach]:
    """Given up and said so, or due: nothing waits unseen."""
    waiting = Invoice.objects.filter(printed_at=None)
    unseen = Q(attempts__gte=MOST_ATTEMPTS, last_error="", leased_until=None) | Q(due_at=None)
    for document in waiting.filter(unseen).order_by("pk").iterator(CHUNK):
        yield Breach(
            "an unprinted document is due or shown as failed",
            document.number,
            f"{document.attempts} attempts, due {document.due_at}",
        )


def _unmailed() -> Iterator[Breach]:
    """The file and its message are one transaction's (`printing`): never one without the other."""
    key: Any = Concat(Value("invoice:"), Cast("pk", CharField()))
    printed = Invoice.objects.exclude(printed_at=None).filter(kind__in=letters.KINDS)
    its_message = Message.objects.filter(key=OuterRef("its_key"))
    unmailed = printed.annotate(its_key=key).filter(~Exists(its_message))
    for document in unmailed.only("number").order_by("pk").iterator(CHUNK):
        yield Breach(
            "a printed document is mailed", document.number, f"there is no invoice:{document.pk}"
        )
