"""The Celery application. Its settings are Django's, prefixed with CELERY_."""

import os

from celery import Celery

from . import folder_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings.dev")

folder_broker.use()
app = Celery("storefront", task_cls="storefront.waking:Task")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
