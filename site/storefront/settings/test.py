"""The suite. The databases, broker and cache come from the environment, as in production."""

from .base import *  # noqa: F403
from .base import env

SECRET_KEY = "for-tests-only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

STRIPE_SECRET_KEY = "sk_test_suite"
STRIPE_WEBHOOK_SECRETS = ["whsec_suite"]
STRIPE_API_BASE = env("STRIPE_API_BASE", default="http://127.0.0.1:9")  # nobody listens there
