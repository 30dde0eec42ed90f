"""A shop on a laptop: SQLite, files and the payment sandbox. `make run` uses this."""

from .base import *  # noqa: F403
from .base import DATA_DIR, env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env("SECRET_KEY", default="for-development-only-not-a-secret")
# Local names only, so that a server started without settings by mistake answers strangers 400.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="sk_test_sandbox")
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRETS", default=["whsec_sandbox"])
STRIPE_API_BASE = env("STRIPE_API_BASE", default="http://127.0.0.1:8001")

# What the demo's page on delivery and returns says.
RETURN_DAYS = env.int("RETURN_DAYS", default=30)
FREE_RETURNS = env.bool("FREE_RETURNS", default=True)

# The demo's VAT ids are made up: nobody is asked about them.
VIES_URL = env("VIES_URL", default="")

# Mails become files unless EMAIL_URL names a server; the admin's outbox shows what they say.
if "EMAIL_URL" not in env:
    MAIL_TRANSPORT = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
