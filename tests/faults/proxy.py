"""A connection that fails on command: stands between the shop and one server it depends on."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

RESET = struct.pack("ii", 1, 0)  # linger for no time at all: closing sends a reset
CHUNK = 65536


@dataclass
class Loss:
    """An answer that shall not arrive: the one to the last of `words`, said in this order."""

    words: tuple[bytes, ...]
    struck: threading.Event = field(default_factory=threading.Event)


class Link:
    """One accepted connection and its way on. Two threads carry its bytes."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far = near, far
        self.heard: dict[int, tuple[int, bytes]] = {}  # of each loss: words said, last bytes
        self.answer_is_lost = False
        self.starved = False  # bytes were swallowed: nothing sensible can follow

    def reset(self) -> None:
        """End it at both sides at once, as a machine does that lost its memory."""
        for end in (self.near, self.far):
            with suppress(OSError):  # gone already
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.close()

    def close(self) -> None:
        for end in (self.near, self.far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RD)  # wakes the thread that reads here; sends nothing
            end.close()

    def says(self, loss: Loss, chunk: bytes) -> bool:
        """Whether the last word of the loss was said with this chunk."""
        said, tail = self.heard.get(id(loss), (0, b""))
        text = tail + chunk
        while said < len(loss.words) and (at := text.find(loss.words[said])) >= 0:
            text = text[at + len(loss.words[said]) :]
            said += 1
        self.heard[id(loss)] = said, text[-200:]
        return said == len(loss.words)


class Proxy:
    """Listens on `port` and passes everything on to a target, unless told otherwise.

    A context manager. `heal` ends every fault; what was frozen then arrives, what was refused or
    swallowed is gone.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        # Bound but never listening: while we refuse, nobody else gets the port.
        self._claim = _bound(0)
        self.port: int = self._claim.getsockname()[1]
        self._lock = threading.Lock()
        self._links: set[Link] = set()
        self._losses: list[Loss] = []
        self._flows = threading.Event()
        self._swallows = False
        self._latency = 0.0
        self._listener: socket.socket | None = None

    def __enter__(self) -> "Proxy":
        self.heal()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()
        self._flows.set()
        self._claim.close()

    def lead_to(self, host: str, port: int) -> None:
        """Pass new connections on to another server."""
        self._target = (host, port)

    def heal(self) -> None:
        """Pass everything on again."""
        self._latency, self._swallows, self._losses = 0.0, False, []
        self._flows.set()
        self._reset([link for link in self._open_links() if link.starved])
        if self._listener is None:
            self._listener = _bound(self.port)
            self._listener.listen(128)
            threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def refuse(self) -> None:
        """The server is down: connections are reset, new ones refused."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            self._listener.close()
            self._listener = None
        self.cut()

    def cut(self) -> None:
        """The server was restarted: every connection is reset, new ones are welcome."""
        self._reset(self._open_links())

    def freeze(self) -> None:
        """The server hangs: connections stay, new ones are taken, and no byte moves."""
        self._flows.clear()

    def swallow(self) -> None:
        """A black hole: connections are taken, and what is sent is gone."""
        self._swallows = True

    def delay(self, seconds: float) -> None:
        """A slow line: every piece of data waits, both ways."""
        self._latency = seconds

    def lose_answer(self, *words: bytes) -> Loss:
        """Pass a request on, and cut the connection instead of answering it; once.

        It is the request that says the last of `words`, after the others were said in this order
        on the same connection. Names must be those on the wire: `b"COMMIT"`.
        """
        loss = Loss(words)
        self._losses.append(loss)
        return loss

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:  # closed
                return
            try:
                link = Link(near, socket.create_connection(self._target))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._links.add(link)
            for carry in (self._requests, self._answers):
                threading.Thread(
                    target=self._until_it_ends, args=[carry, link], daemon=True
                ).start()

    def _until_it_ends(self, carry: Callable[[Link], None], link: Link) -> None:
        try:
            carry(link)
        except OSError:  # the other side of a connection that was reset
            self._reset([link])

    def _requests(self, link: Link) -> None:
        while chunk := link.near.recv(CHUNK):
            if self._arrives(link):
                link.answer_is_lost |= self._is_to_be_lost(link, chunk)
                link.far.sendall(chunk)
        link.far.shutdown(socket.SHUT_WR)  # half a goodbye: an answer may still be under way

    def _answers(self, link: Link) -> None:
        while (chunk := link.far.recv(CHUNK)) and not link.answer_is_lost:
            if self._arrives(link):
                link.near.sendall(chunk)
        if link.answer_is_lost:
            self._reset([link])
        elif self._forget(link):
            link.close()

    def _arrives(self, link: Link) -> bool:
        time.sleep(self._latency)
        self._flows.wait()
        link.starved |= self._swallows
        return not link.starved

    def _is_to_be_lost(self, link: Link, chunk: bytes) -> bool:
        for loss in list(self._losses):
            if link.says(loss, chunk):
                with self._lock:
                    if loss in self._losses:
                        self._losses.remove(loss)
                        loss.struck.set()
                        return True
        return False

    def _open_links(self) -> list[Link]:
        with self._lock:
            return list(self._links)

    def _reset(self, links: list[Link]) -> None:
        for link in filter(self._forget, links):
            link.reset()

    def _forget(self, link: Link) -> bool:
        """False when another thread was faster: a closed socket's number may be in use again."""
        with self._lock:
            known = link in self._links
            self._links.discard(link)
            return known


def _bound(port: int) -> socket.socket:
    end = socket.socket()
    end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    end.bind(("127.0.0.1", port))
    return end
