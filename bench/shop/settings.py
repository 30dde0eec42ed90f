"""The shop as in production where it costs time, without what needs the internet."""

from storefront.settings.dev import *  # noqa: F403
from storefront.settings.dev import INSTALLED_APPS, LOGGING

DEBUG = False
INSTALLED_APPS = [*INSTALLED_APPS, "bench.shop"]
LOGGING["root"]["level"] = "ERROR"
