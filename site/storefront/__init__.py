"""The one place that knows every app: settings, URLs, Celery and the demo shop."""

from .celery import app as celery_app

__all__ = ["celery_app"]
