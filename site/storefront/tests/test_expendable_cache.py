"""A cache server that is away costs a moment, once, and never an error."""

import socket
import time

import pytest

from storefront.expendable_cache import PAUSE, ExpendableCache, breaker


@pytest.fixture
def away(monkeypatch):
    """A cache whose server takes connections and never answers."""
    monkeypatch.setattr(breaker, "away_until", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        port = frozen.getsockname()[1]
        yield ExpendableCache(
            f"redis://127.0.0.1:{port}",
            {"OPTIONS": {"socket_timeout": 0.1, "socket_connect_timeout": 0.1}},
        )


def test_nothing_is_found_and_nothing_is_kept(away):
    assert away.get("tea", "none") == "none"
    assert away.get_many(["tea", "cup"]) == {}
    assert away.has_key("tea") is False
    assert away.add("tea", 1) is False
    assert away.set("tea", 1) is None
    assert away.set_many({"tea": 1}) == []
    assert away.touch("tea") is False
    assert away.delete("tea") is False
    assert away.delete_many(["tea"]) is None
    assert away.clear() is False
    assert away.get_or_set("tea", lambda: "made") == "made"
    with pytest.raises(ValueError, match="tea"):
        away.incr("tea")


def test_it_is_waited_for_once(away, caplog):
    for _ in range(50):
        away.get("tea")

    assert caplog.messages == ["the cache is away: TimeoutError"]


def test_it_is_asked_again_after_a_pause(away, monkeypatch):
    away.get("tea")
    assert 0 < breaker.away_until - time.monotonic() <= PAUSE

    now = time.monotonic()
    monkeypatch.setattr(breaker, "away_until", now)
    away.get("tea")

    assert breaker.away_until > now + PAUSE
