"""Keeping a document: after a crash there is the whole file or none."""

import os
from pathlib import Path

from django.core.files.base import ContentFile

from .models import private_storage


def keep(name: str, content: bytes) -> str:
    """Write `content` to the private storage, over an earlier try. Returns its name there.

    Raises OSError, with nothing changed, when there is no room.
    """
    storage = private_storage()
    try:
        path = Path(storage.path(name))
    except NotImplementedError:  # object storage: an upload is all or nothing by itself
        storage.delete(name)
        return storage.save(name, ContentFile(content))
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(path, content)
    return name


def _write_whole(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """The name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
