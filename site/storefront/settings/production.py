"""A shop on the internet. Refuses to start without its secrets."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import BASE_URL, STORAGES, STRIPE_API_BASE, env


def required(name: str) -> str:
    """A shop that starts without its secrets fails later, and worse."""
    if not (value := env(name, default="")):
        raise ImproperlyConfigured(f"Set {name} in the environment")
    return value


DEBUG = False
SECRET_KEY = required("SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY must be at least 50 random characters")

required("BASE_URL")
if not BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("BASE_URL must be the shop's https:// address")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname])

required("DATABASE_URL")
required("CELERY_BROKER_URL")
required("EMAIL_URL")
required("DEFAULT_FROM_EMAIL")

required("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRETS = [s.strip() for s in required("STRIPE_WEBHOOK_SECRETS").split(",")]
if not all(STRIPE_WEBHOOK_SECRETS) or "whsec_sandbox" in STRIPE_WEBHOOK_SECRETS:
    raise ImproperlyConfigured("STRIPE_WEBHOOK_SECRETS must be the endpoint's own, none empty")
if STRIPE_API_BASE:
    raise ImproperlyConfigured("STRIPE_API_BASE points at a sandbox; unset it in production")

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "storefront.static_files.JoinedStylesStorage"},
}

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# Only a proxy that always sets this header may be trusted with it.
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
