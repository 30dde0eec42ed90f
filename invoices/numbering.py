"""Numbers without gap or repeat: one locked row for each series and year."""

from datetime import datetime

from django.utils import timezone

from .models import Invoice, NumberSeries

Kind = Invoice.Kind

SERIES = {
    Kind.INVOICE: "INV",
    Kind.CREDIT_NOTE: "CRN",
    Kind.CANCELLATION: "CAN",
    Kind.DELIVERY_NOTE: "DN",
}


def locked_counter(kind: Kind, at: datetime) -> NumberSeries:
    """The counter of a kind's series in the year of `at`, locked until the caller commits."""
    # The shop's year, not the server's: a sale at midnight belongs to the shop's new year.
    year = timezone.localtime(at, timezone.get_default_timezone()).year
    counters = NumberSeries.objects.select_for_update()
    counter, _ = counters.get_or_create(series=SERIES[kind], year=year)
    return counter


def next_number(counter: NumberSeries) -> dict[str, int | str]:
    """Take the next number, as fields of the document that bears it."""
    counter.last += 1
    counter.save(update_fields=["last"])
    return {
        "series": counter.series,
        "year": counter.year,
        "sequence": counter.last,
        "number": f"{counter.series}-{counter.year}-{counter.last:05d}",
    }
