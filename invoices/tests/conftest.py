from pathlib import Path

import pytest
from django.core.files.storage import storages

from mailing.tests.post_office import post_office

__all__ = ["post_office"]


@pytest.fixture(autouse=True)
def private_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where this test's documents are kept."""
    folder = tmp_path / "private"
    monkeypatch.setattr(storages["private"], "location", str(folder))
    return folder
