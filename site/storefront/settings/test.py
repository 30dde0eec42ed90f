"""The suite. Database and cache come from the environment, as in production."""

import os
import tempfile
from uuid import uuid4

if "DATA_DIR" not in os.environ:
    # Removed when the run ends; parallel workers inherit the name.
    _folder = tempfile.TemporaryDirectory(prefix="shop-tests-")
    os.environ["DATA_DIR"] = _folder.name

from .base import *  # noqa: F403
from .base import CACHES, DATA_DIR, DATABASES, MIDDLEWARE, env

SECRET_KEY = "for-tests-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads and write locks then behave as in the shop.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    # Its queue is not fair: of many threads that write, one may wait as long as the test lasts.
    DATABASES["default"]["OPTIONS"] |= {"timeout": 300}
else:
    # Sixteen threads wait for one row on purpose, and the machine may be busy.
    DATABASES["default"]["OPTIONS"] |= {
        "connect_timeout": 30,
        "options": "-c lock_timeout=60s -c max_parallel_workers_per_gather=0",
    }

# The workers of one run, and runs side by side, may share a Redis.
CACHES["default"]["KEY_PREFIX"] = f"test-{uuid4().hex}"
if CACHES["default"]["BACKEND"].endswith("ExpendableCache"):
    CACHES["default"]["BACKEND"] = "tests.fixtures.shared_redis.SharedRedis"
    CACHES["default"]["OPTIONS"] |= {"socket_timeout": 30, "socket_connect_timeout": 30}
# The next test's pictures have the numbers of those that were rolled back with this one.
CACHES["renditions"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}

# Tests look at pages while they change them. Those of the page cache put it back.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.endswith("PageCache")]

# What `.delay` publishes waits in memory; the fixture `run_tasks` runs it. Celery itself prefers
# the variable to any setting, and then the workers of the suite would share one broker's queue.
# Whole shops, which run under the settings of development, take WHOLE_SHOP_BROKER_URL.
os.environ.pop("CELERY_BROKER_URL", None)
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}

# Wagtail's indexes are up to date as soon as something is saved.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

STRIPE_SECRET_KEY = "sk_test_suite"
STRIPE_WEBHOOK_SECRETS = ["whsec_suite"]
STRIPE_API_BASE = env("STRIPE_API_BASE", default="http://127.0.0.1:9")  # nobody listens there
VIES_URL = ""
