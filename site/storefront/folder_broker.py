"""The broker of a laptop: kombu's folder of messages, written so that none is read half."""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """kombu's own opens the file, then writes it: a worker that looks in between dies of it."""

    def _put(  # type: ignore[override]  # kombu calls the second one message here, payload there
        self, queue: str, payload: Any, **options: Any
    ) -> None:
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        finished = Path(self.data_folder_out, name)
        unfinished = finished.with_suffix(".new")
        unfinished.write_text(dumps(payload))
        unfinished.rename(finished)


class Transport(filesystem.Transport):
    """What `filesystem://` means here."""

    Channel = Channel


def use() -> None:
    """Let `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
