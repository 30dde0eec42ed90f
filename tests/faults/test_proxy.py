"""Each misbehaviour of the proxy, against a server that echoes in capitals."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.faults.proxy import Proxy


class Echo:
    """Answers every message in capitals and remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                end, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[end], daemon=True).start()

    def _answer(self, end: socket.socket) -> None:
        with end:
            try:
                while said := end.recv(1000):
                    self.heard.append(said)
                    end.sendall(said.upper())
            except OSError:
                return


@pytest.fixture
def server() -> Iterator[Echo]:
    echo = Echo()
    yield echo
    echo.listener.shutdown(socket.SHUT_RDWR)
    echo.listener.close()


@pytest.fixture
def proxy(server: Echo) -> Iterator[Proxy]:
    with Proxy("127.0.0.1", server.port) as proxy:
        yield proxy


def connect(proxy: Proxy, patience: float = 5) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=patience)


def ask(end: socket.socket, words: bytes) -> bytes:
    end.sendall(words)
    return end.recv(1000)


def test_a_healthy_line_carries_both_ways(proxy):
    with connect(proxy) as end:
        assert ask(end, b"tea") == b"TEA"


def test_the_last_answer_arrives_though_the_client_has_said_goodbye(proxy):
    with connect(proxy) as end:
        end.sendall(b"tea")
        end.shutdown(socket.SHUT_WR)

        assert (end.recv(1000), end.recv(1000)) == (b"TEA", b"")


def test_a_refusing_server_resets_what_is_open_and_takes_nothing_new(proxy):
    with connect(proxy) as end:
        ask(end, b"tea")
        proxy.refuse()

        with pytest.raises(ConnectionResetError):
            end.recv(1000)
    with pytest.raises(ConnectionRefusedError):
        connect(proxy)


def test_a_healed_server_is_where_it_was(proxy):
    proxy.refuse()

    proxy.heal()

    with connect(proxy) as end:
        assert ask(end, b"tea") == b"TEA"


def test_a_restarted_server_loses_its_connections_and_takes_new_ones(proxy):
    with connect(proxy) as before:
        ask(before, b"tea")
        proxy.cut()

        with pytest.raises(ConnectionResetError):
            before.recv(1000)
    with connect(proxy) as after:
        assert ask(after, b"tea") == b"TEA"


def test_a_frozen_server_answers_old_and_new_connections_when_it_thaws(proxy):
    with connect(proxy) as old:
        ask(old, b"tea")
        proxy.freeze()
        with connect(proxy) as new:
            for end in (old, new):
                end.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    ask(end, b"cup")

            proxy.heal()

            for end in (old, new):
                end.settimeout(5)
                assert end.recv(1000) == b"CUP"


def test_a_black_hole_takes_everything_and_gives_nothing_back(proxy, server):
    proxy.swallow()
    with connect(proxy, patience=0.2) as end:
        with pytest.raises(TimeoutError):
            ask(end, b"tea")

        proxy.heal()

        with pytest.raises(ConnectionResetError):
            end.recv(1000)
    assert server.heard == []


def test_a_slow_line_takes_its_time_both_ways(proxy):
    proxy.delay(0.1)
    started = time.monotonic()

    with connect(proxy) as end:
        assert ask(end, b"tea") == b"TEA"

    assert time.monotonic() - started >= 0.2


def test_the_request_of_a_lost_answer_is_done_and_the_next_one_answered(proxy, server):
    loss = proxy.lose_answer(b"insert", b"commit")
    with connect(proxy) as end:
        assert ask(end, b"commit") == b"COMMIT"  # nothing was inserted before it
        assert ask(end, b"insert") == b"INSERT"
        end.sendall(b"commit")

        with pytest.raises(ConnectionResetError):
            end.recv(1000)
    assert loss.struck.is_set()
    assert server.heard == [b"commit", b"insert", b"commit"]
    with connect(proxy) as end:
        assert (ask(end, b"insert"), ask(end, b"commit")) == (b"INSERT", b"COMMIT")


def test_a_word_may_arrive_in_two_pieces(proxy):
    loss = proxy.lose_answer(b"commit")
    with connect(proxy) as end:
        ask(end, b"com")
        end.sendall(b"mit")

        assert loss.struck.wait(5)
