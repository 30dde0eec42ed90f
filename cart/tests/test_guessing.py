"""Wrong codes are limited, and what counts them may fail."""

import socket
from datetime import timedelta
from uuid import uuid4

import pytest
import redis
import time_machine
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from cart import limiting
from cart.tests.factories import count_afresh, make_coupon
from cart.tests.test_cart import add
from cart.tests.test_coupons import apply, error_of
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db
PAUSE = "Too many codes were wrong. Please try again in ten minutes."


@pytest.fixture(autouse=True)
def fresh_counts():
    """Nobody has guessed yet."""
    count_afresh()
    yield
    limiting.limiter.cache_clear()


@pytest.fixture(autouse=True)
def shop():
    make_variant("TEA-1", stock=100)
    make_coupon()


def shopper(address: str = "127.0.0.1") -> Client:
    client = Client(REMOTE_ADDR=address)
    add(client, "TEA-1")
    return client


def guess(client: Client, times: int) -> list[str]:
    return [error_of(apply(client, f"GUESS-{number}")) for number in range(times)]


def test_after_ten_wrong_codes_even_the_right_one_has_to_wait():
    client = shopper()

    answers = guess(client, 12)

    assert [answer == PAUSE for answer in answers] == [False] * 10 + [True] * 2
    assert error_of(apply(client, "SPRING10")) == PAUSE
    assert "coupon" not in client.session


def test_the_pause_ends_and_being_refused_does_not_make_it_longer(time_machine_at):
    client = shopper()
    guess(client, 10)
    with time_machine_at(minutes=9):
        assert error_of(apply(client, "SPRING10")) == PAUSE

    with time_machine_at(minutes=10, seconds=1):
        assert apply(client, "SPRING10").status_code == 303


def test_right_codes_and_codes_that_do_not_fit_do_not_count():
    make_coupon("BIG50", minimum_spend=1000)
    client = shopper()

    for _ in range(15):
        assert apply(client, "SPRING10").status_code == 303
        assert error_of(apply(client, "BIG50")) != PAUSE

    assert guess(client, 1) != [PAUSE]


def test_others_are_not_paused():
    guess(shopper(), 10)

    assert apply(shopper(), "SPRING10").status_code == 303


def test_a_new_session_does_not_help_the_same_address():
    guess(shopper("9.9.9.9"), 10)

    assert error_of(apply(shopper("9.9.9.9"), "SPRING10")) == PAUSE
    assert apply(shopper("9.9.9.10"), "SPRING10").status_code == 303


def test_a_new_address_does_not_help_the_same_session():
    client = shopper("9.9.9.9")
    guess(client, 10)

    assert error_of(apply(client, "SPRING10", REMOTE_ADDR="9.9.9.10")) == PAUSE


def test_two_hundred_guesses_are_ten():
    answers = guess(shopper("9.9.9.9"), 200)

    assert sum(answer != PAUSE for answer in answers) == 10


@pytest.mark.parametrize(
    ("came_from", "client"),
    [
        ("9.9.9.9", ["address:9.9.9.9"]),
        ("::ffff:9.9.9.9", ["address:9.9.9.9"]),
        ("2a00:1450:4001:82b::200e", ["address:2a00:1450:4001:82b::/64"]),
        ("2a00:1450:4001:82b:1:2:3:4", ["address:2a00:1450:4001:82b::/64"]),
        ("127.0.0.1", []),  # a proxy of our own: everybody
        ("10.0.0.7", []),
        ("::1", []),
        ("", []),  # a Unix socket
        ("rubbish", []),
    ],
)
def test_an_address_is_a_household_and_never_our_own_proxy(came_from, client):
    request = RequestFactory().get("/", REMOTE_ADDR=came_from, HTTP_X_FORWARDED_FOR="1.1.1.1")

    assert limiting.address(request) == client


@pytest.mark.parametrize(
    ("told", "proxies", "client"),
    [
        ("9.9.9.9", 1, ["address:9.9.9.9"]),
        ("1.1.1.1, 9.9.9.9", 1, ["address:9.9.9.9"]),  # the first is what the visitor claims
        ("1.1.1.1, 9.9.9.9, 10.0.0.2", 2, ["address:9.9.9.9"]),
        ("", 1, []),
        ("9.9.9.9", 3, []),
    ],
)
def test_a_proxy_of_our_own_tells_who_called_it(settings, told, proxies, client):
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=told)

    assert limiting.address(request) == client


@override_settings(LIMIT_BY_ADDRESS=False)
def test_behind_a_cdn_addresses_can_be_left_out():
    assert limiting.address(RequestFactory().get("/", REMOTE_ADDR="9.9.9.9")) == []


def count_in(location: str, name: str, *, patience: float = 30) -> None:
    """As the first request of a process does whose cache is this Redis."""
    waits = {"socket_timeout": patience, "socket_connect_timeout": patience}
    count_afresh(LOCATION=location, OPTIONS=waits, KEY_PREFIX=name)


@pytest.mark.parametrize("trouble", ["refuses", "is frozen"])
def test_without_its_redis_the_shop_takes_codes_and_limits_nothing(trouble):
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        port = frozen.getsockname()[1] if trouble == "is frozen" else 9
        count_in(f"redis://127.0.0.1:{port}/1", "guessing", patience=0.1)
        client = shopper("9.9.9.9")

        assert PAUSE not in guess(client, 12)
        assert apply(client, "SPRING10").status_code == 303


def test_processes_count_together_in_redis():
    location = "redis://127.0.0.1:6379/1"
    try:
        redis.from_url(location, socket_connect_timeout=30).ping()
    except redis.RedisError:
        pytest.skip("no Redis here")
    name = f"guessing-{uuid4().hex}"
    count_in(location, name)
    client = shopper()
    guess(client, 10)

    count_in(location, name)  # as another process: it knows only what Redis knows

    assert error_of(apply(client, "SPRING10")) == PAUSE


@pytest.fixture
def time_machine_at():
    """`with time_machine_at(minutes=3): …`: so much later."""
    return lambda **later: time_machine.travel(timezone.now() + timedelta(**later))
