"""The demo shop, served as in production: no debugging, joined, hashed and compressed files."""

from storefront.settings.dev import *  # noqa: F403
from storefront.settings.dev import STORAGES

DEBUG = False
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "storefront.static_files.JoinedStylesStorage"},
}
