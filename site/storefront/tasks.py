"""What the worker does for the whole shop."""

from celery import shared_task
from django.utils import timezone

from checkout.auditing import findings
from checkout.models import Audit

from . import books, scheduling


# A night's work on a large shop; nobody waits for it.
@shared_task(soft_time_limit=1700, time_limit=1760)
def check_shop() -> None:
    """Check every invariant and show staff what does not hold."""
    now = timezone.now()
    audit = findings.begin(Audit.Kind.SHOP_CHECK, at=now)
    findings.record(Audit.Kind.SHOP_CHECK, books.breaches(now), at=now, audit=audit)


@shared_task
def publish_scheduled() -> None:
    """Let pages go live and end whose moment has come."""
    scheduling.keep_schedules(at=timezone.now())
