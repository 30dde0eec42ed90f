"""The laptop's broker: what is published arrives whole."""

from pathlib import Path
from queue import Empty
from threading import Thread

from kombu import Connection

MESSAGES = 400


def test_a_worker_never_reads_half_a_message(tmp_path: Path) -> None:
    publisher = Thread(target=_publish, args=(tmp_path,))
    with _connect(tmp_path) as broker, broker.SimpleQueue("wake", no_ack=True) as queue:
        publisher.start()
        seen = []
        while len(seen) < MESSAGES and (publisher.is_alive() or queue.qsize()):
            try:
                seen.append(queue.get_nowait().payload["number"])
            except Empty:
                continue
    publisher.join()

    assert sorted(seen) == list(range(MESSAGES))


def _publish(folder: Path) -> None:
    with _connect(folder) as broker, broker.SimpleQueue("wake") as queue:
        for number in range(MESSAGES):
            queue.put({"number": number})


def _connect(folder: Path) -> Connection:
    return Connection(
        "filesystem://localhost",
        transport_options={
            "data_folder_in": str(folder),
            "data_folder_out": str(folder),
            "control_folder": str(folder / "control"),
        },
    )
