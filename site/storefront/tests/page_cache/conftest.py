"""A shop with its page cache, and processes that serve it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from products import freshness
from products.tests.factories import make_variant
from storefront.page_cache import addresses
from storefront.page_cache.middleware import PageCache

TEA = "/green-tea/sencha-1/"


@pytest.fixture(autouse=True)
def shop(db, settings, tmp_path, monkeypatch):
    """One tea on one shelf; nothing is kept yet, and no process asks again unless told to."""
    monkeypatch.setattr(freshness, "INTERVAL", 3600)
    settings.MEDIA_ROOT = tmp_path
    name = f"{PageCache.__module__}.{PageCache.__qualname__}"
    settings.MIDDLEWARE = [name, *settings.MIDDLEWARE]
    addresses._hosts.cache_clear()
    cache.clear()
    freshness.forget()
    yield make_variant("TEA-100", title="Sencha", price="12.50", stock=50)
    cache.clear()


@pytest.fixture
def a_process() -> Callable[[], Client]:
    """A web process: its own memory, the cache server of all."""
    return lambda: Client(headers={"Host": "testserver"})


@pytest.fixture
def client(a_process) -> Client:
    return a_process()


@pytest.fixture
def told(django_capture_on_commit_callbacks) -> Callable[[], AbstractContextManager[None]]:
    """`with told():` what is changed inside is committed, and every process has asked since."""

    @contextmanager
    def told() -> Iterator[None]:
        connection.run_on_commit.clear()  # of what was there before
        with django_capture_on_commit_callbacks(execute=True):
            yield
        freshness.forget()

    return told


@pytest.fixture
def long_ago(monkeypatch):
    """Every change was learned of long ago: nobody is content with the page from before it."""
    monkeypatch.setattr(freshness, "learned_ago", lambda: 3600.0)
