"""The shop of the fault tests: as in development, with moments to die at and a quicker beat."""

import os

from storefront.settings.dev import *  # noqa: F403
from storefront.settings.dev import (
    CELERY_BEAT_SCHEDULE,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    CELERY_BROKER_URL,
    CELERY_TASK_DEFAULT_QUEUE,
    INSTALLED_APPS,
)

DEBUG = False
WHITENOISE_USE_FINDERS = True
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.Faults"]

QUICKER = float(os.environ.get("QUICKER", "40"))  # times
CELERY_WORKER_LOST_WAIT = 10 / QUICKER  # until the parent believes that a child is dead
SELDOM = 60 * 60  # seconds: such a task would meet any row by chance; whoever wants it, asks
CELERY_BEAT_SCHEDULE = {
    # What comes by the clock has no seconds between: what is asked for lives until the next.
    name: entry
    for name, entry in CELERY_BEAT_SCHEDULE.items()
    if entry["options"]["expires"] < SELDOM
}
for _entry in CELERY_BEAT_SCHEDULE.values():
    _entry["schedule"] /= QUICKER
    _entry["options"]["expires"] /= QUICKER

if CELERY_BROKER_URL.startswith("redis:"):  # a server that others use too
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{CELERY_TASK_DEFAULT_QUEUE}:"
