"""What the worker does for the catalogue."""

from celery import shared_task
from django.utils import timezone

from . import planning
from .finding import keeping, recording


@shared_task
def apply_planned_prices() -> None:
    """Let planned prices hold whose moment has come. Late or twice, the outcome is the same."""
    planning.apply_all_due(at=timezone.now())


@shared_task
def forget_old_searches() -> None:
    """Let go of what was searched for a season ago."""
    recording.forget_old(at=timezone.now())


@shared_task
def record_search(query: str, results: int) -> None:
    """Count one search. Lost or doubled, a figure is off by one."""
    recording.record(query, results=results, at=timezone.now())


# A night's work on a large shop; nobody waits for it.
@shared_task(soft_time_limit=1700, time_limit=1760)
def repair_lists() -> None:
    """Make lists and search say what the pages say, whatever was missed."""
    keeping.repair()
