"""When beat asks the workers for what."""

from datetime import UTC, datetime, timedelta

import time_machine
from celery.schedules import maybe_schedule
from django.conf import settings

MIDNIGHT = datetime(2026, 3, 29, tzinfo=UTC)  # the clocks of Europe are put forward
HOUR = 60 * 60


def test_a_beat_that_forgets_every_hour_misses_nothing_all_day():
    lives = [MIDNIGHT + timedelta(hours=hour) for hour in range(24)]
    missed = {}

    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        schedule = maybe_schedule(entry["schedule"], relative=False)
        runs = sum(comes_due(schedule, born) for born in lives)
        wanted = 1 if entry["options"]["expires"] > HOUR else 24
        if runs != wanted:
            missed[name] = f"{runs} of {wanted}"

    assert missed == {}


def comes_due(schedule, born: datetime) -> bool:
    """Within the hour of a beat that was born then and knows of no run before."""
    with time_machine.travel(born + timedelta(seconds=HOUR - 1), tick=False):
        return schedule.is_due(born).is_due


def test_no_two_long_tasks_begin_in_the_same_minute():
    clock = [
        entry["schedule"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["options"]["expires"] >= HOUR
    ]
    minutes = [minute for schedule in clock for minute in schedule.minute]

    assert len(set(minutes)) == len(minutes)
