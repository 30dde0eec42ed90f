"""Pages that go live and end by themselves.

Wagtail's `publish_scheduled` does the same, but stops at the first page that cannot be published,
and then nothing behind it is published either.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page, Revision

logger = logging.getLogger(__name__)


def keep_schedules(*, at: datetime) -> None:
    """Take off what has expired and publish what is due. Late or twice, the outcome is the same."""
    expired = Page.objects.filter(live=True, expire_at__lt=at).order_by("expire_at")
    for page_id in list(expired.values_list("pk", flat=True)):
        _try(_take_off, page_id, at)
    due = Revision.objects.filter(approved_go_live_at__lt=at).order_by("approved_go_live_at")
    for revision_id in list(due.values_list("pk", flat=True)):
        _try(_publish, revision_id, at)


def _try(step: Callable[[int, datetime], None], pk: int, at: datetime) -> None:
    """One page that fails does not keep the others waiting."""
    try:
        step(pk, at)
    except Exception:
        logger.exception("schedule: %s of %s failed; it is tried again", step.__name__, pk)


@transaction.atomic
def _take_off(page_id: int, at: datetime) -> None:
    # Two beats: the second finds the row locked or no longer due.
    locked = Page.objects.select_for_update(skip_locked=True)
    if page := locked.filter(pk=page_id, live=True, expire_at__lt=at).first():
        page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish(revision_id: int, at: datetime) -> None:
    try:
        with transaction.atomic():
            if revision := _due(revision_id, at):
                revision.publish(log_action="wagtail.publish.scheduled")
    except ValidationError as error:
        _call_off(revision_id, at, error)


@transaction.atomic
def _call_off(revision_id: int, at: datetime, error: ValidationError) -> None:
    """What cannot be published stays a draft, and its history says that it was called off."""
    if revision := _due(revision_id, at):
        logger.warning("schedule: %s is called off: %s", revision.object_str, error)
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])


def _due(revision_id: int, at: datetime) -> Revision | None:
    locked = Revision.objects.select_for_update(skip_locked=True)
    return locked.filter(pk=revision_id, approved_go_live_at__lt=at).first()
