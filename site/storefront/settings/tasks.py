"""Celery: the broker wakes workers; what is owed are rows."""

from celery.schedules import crontab
from kombu import Exchange, Queue

from .environment import DATA_DIR, env

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://localhost")
# Several shops may share one broker.
CELERY_TASK_DEFAULT_QUEUE = env("CELERY_QUEUE", default="celery")
# Pictures and Wagtail's indexes, of which one upload makes dozens, must not keep mails waiting:
# workers take from both queues in turn.
LATER = f"{CELERY_TASK_DEFAULT_QUEUE}-later"
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in (CELERY_TASK_DEFAULT_QUEUE, LATER)
]
CELERY_TASK_ROUTES = {
    task: {"queue": LATER}
    for task in (
        "products.tasks.prepare_picture",
        "products.tasks.make_size",
        "storefront.tasks.run_wagtail_task",
    )
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# What is owed is a row: a lost message is found by the sweep, so the broker is only an alarm clock
# and nobody waits for it.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_POOL_LIMIT = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

_queue, _control = DATA_DIR / "broker" / "queue", DATA_DIR / "broker" / "control"
# How long each kind of broker may keep a publisher waiting, and where the files of the last lie.
BROKER_OPTIONS: dict[str, dict[str, object]] = {
    "amqp": {"confirm_publish": True, "confirm_timeout": 1},
    "redis": {"socket_timeout": 1, "socket_connect_timeout": 1},
    "filesystem": {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_control),
        "polling_interval": 0.1,
    },
}
_broker = CELERY_BROKER_URL.split("://")[0]
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_OPTIONS.get(_broker, {})
if _broker == "filesystem":
    for folder in (_queue, _control):
        folder.mkdir(parents=True, exist_ok=True)

CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
_hour, _day = 60 * 60, 24 * 60 * 60
# Not every so many hours: beat counts those from its own first start where its file is new, and a
# shop whose containers start anew each day would never come to the end of one. By UTC, whose days
# are all of 24 hours; apart from each other, when most shops sleep.
_hourly = {"checkout.tasks.catch_up": crontab(minute=7)}
_daily = {
    task: crontab(hour=hour, minute=minute)
    for task, hour, minute in (
        ("products.tasks.forget_old_searches", 0, 17),
        ("checkout.tasks.scrub_events", 0, 42),
        ("products.tasks.repair_lists", 1, 12),
        ("checkout.tasks.reconcile", 1, 37),
        ("storefront.tasks.check_shop", 2, 22),  # what these left, and before the desk opens
        ("storefront.tasks.renew_indexes", 3, 27),
    )
}
_sweeps = {
    "mailing.tasks.sweep": 20,
    "invoices.tasks.sweep": 20,
    "checkout.tasks.sweep_events": 30,
    "checkout.tasks.sweep_attempts": 60,
    "checkout.tasks.expire_orders": 60,
    "checkout.tasks.sweep_vat_checks": 300,
    "checkout.tasks.sweep_refunds": 30,
    "storefront.tasks.publish_scheduled": 60,
    "products.tasks.apply_planned_prices": 60,
    "products.tasks.sweep_lists": 60,
    "products.tasks.sweep_pictures": 10 * 60,
}
CELERY_BEAT_SCHEDULE = {
    # What no worker took in time is dropped: the next one does its work.
    task: {"task": task, "schedule": when, "options": {"expires": seconds}}
    for task, when, seconds in (
        *((task, seconds, seconds) for task, seconds in _sweeps.items()),
        *((task, when, _hour) for task, when in _hourly.items()),
        *((task, when, _day) for task, when in _daily.items()),
    )
}

# Wagtail's own tasks: its indexes, files to delete, addresses to purge. A command has nobody
# waiting for it and ends before its messages are sent, so manage.py does them at once.
TASKS_AT_ONCE = env.bool("TASKS_AT_ONCE", default=False)
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if TASKS_AT_ONCE
        else "storefront.wagtail_tasks.CeleryBackend"
    }
}
