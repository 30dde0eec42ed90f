"""The shop without its page cache: every answer is made."""

from bench.shop.settings import *  # noqa: F403
from bench.shop.settings import MIDDLEWARE

MIDDLEWARE = [name for name in MIDDLEWARE if name != "storefront.page_cache.middleware.PageCache"]
