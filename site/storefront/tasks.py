"""What the worker does for the shop as a whole, and for Wagtail."""

from typing import Any

from celery import shared_task
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task

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


@shared_task
def run_wagtail_task(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Do what `storefront.wagtail_tasks` was asked to; nothing, if what it is about is gone.

    Raises TypeError for anything that is no task: a message names no other function.
    """
    task = import_string(path)
    if not isinstance(task, Task):
        raise TypeError(f"{path} is no task")
    try:
        task.call(*args, **kwargs)
    except ObjectDoesNotExist:
        return


# A night's work on a large shop; nobody waits for it.
@shared_task(soft_time_limit=1700, time_limit=1760)
def renew_indexes() -> None:
    """Build anew what messages that got lost would have told Wagtail's indexes."""
    call_command("rebuild_references_index", verbosity=0)
    call_command("update_index", verbosity=0)
