"""Writing down what an examination of the shop found, and what is gone since."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from mailing.breaches import Breach

from ..models import Audit, Finding

LONGEST_SUBJECT = 255


def begin(kind: Audit.Kind, *, at: datetime) -> Audit:
    """One run of an examination. Without an end it is seen to have failed."""
    return Audit.objects.create(kind=kind, started_at=at)


def oldest(kind: Audit.Kind) -> datetime | None:
    """When the first of those that are still open was found."""
    still_open = Finding.objects.filter(kind=kind, resolved_at=None)
    return still_open.aggregate(first=Min("found_at"))["first"]


@transaction.atomic
def record(
    kind: Audit.Kind, breaches: Iterable[Breach], *, at: datetime, audit: Audit | None = None
) -> Audit:
    """Make the open findings of this kind equal to `breaches`, and note that they were looked for.

    What is still so keeps the day it was found; what no longer is, is resolved.
    """
    # All of them first: they may be looked up lazily, and a failure must resolve nothing.
    found = {(one.invariant[:80], one.subject[:LONGEST_SUBJECT]): one for one in breaches}
    # One run at a time writes; a second one waits and then finds the first one's rows.
    still_open = Finding.objects.select_for_update().filter(kind=kind, resolved_at=None)
    known = {(finding.invariant, finding.subject): finding for finding in still_open}
    for (invariant, subject), breach in found.items():
        Finding.objects.update_or_create(
            kind=kind,
            invariant=invariant,
            subject=subject,
            resolved_at=None,
            defaults={"detail": breach.detail, "seen_at": at},
            create_defaults={"detail": breach.detail, "seen_at": at, "found_at": at},
        )
    gone = [finding.pk for name, finding in known.items() if name not in found]
    Finding.objects.filter(pk__in=gone).update(resolved_at=at)
    audit = audit or begin(kind, at=at)
    audit.finished_at, audit.found = at, len(found)
    audit.save(update_fields=["finished_at", "found"])
    return audit
