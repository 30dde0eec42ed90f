"""What the worker does for the catalogue."""

from celery import shared_task
from django.utils import timezone

from . import planning
from .finding import recording


@shared_task
def apply_planned_prices() -> None:
    """Let planned prices hold whose moment has come. Late or twice, the outcome is the same."""
    planning.apply_all_due(at=timezone.now())


@shared_task
def forget_old_searches() -> None:
    """Let go of what was searched for a season ago."""
    recording.forget_old(at=timezone.now())
