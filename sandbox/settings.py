"""Settings of the sandbox. `python -m sandbox` turns its flags into this environment."""

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent

API_VERSION = "2026-10-28.endive"
MERCHANT = os.environ.get("SANDBOX_MERCHANT", "Sandbox shop")
# Where a browser finds the hosted page, when that is not where the shop's server finds the API.
PUBLIC_URL = os.environ.get("SANDBOX_PUBLIC_URL", "")

# Nothing here is signed or secret: no sessions, no cookies, no log-in, no real money.
SECRET_KEY = "sandbox"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["sandbox"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "sandbox.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SANDBOX_DATABASE", "var/sandbox.sqlite3"),
        "OPTIONS": {
            # Writers queue up at BEGIN instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
    }
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "root": {"handlers": ["console"]},
    # Every call is on the control page already.
    "loggers": {"django.server": {"handlers": [], "propagate": False}},
}
