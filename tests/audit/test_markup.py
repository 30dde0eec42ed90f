"""The W3C's validator finds no error in the HTML and CSS of the shop."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.npm import installed

from .conftest import Windows
from .figures import figures
from .pages import SHOP, Visit

PACKAGE = "vnu-jar@26.9.27"


@pytest.mark.judge
def test_the_validator_accepts_every_page(windows: Windows, tmp_path: Path) -> None:
    files = [saved(windows, visit, tmp_path) for visit in SHOP]

    errors = validate(files)

    for visit, file in zip(SHOP, files, strict=True):
        figures.note(visit.name, "invalid", str(sum(file.name in error for error in errors)))
    assert errors == []


@pytest.mark.judge
def test_the_validator_refuses_a_broken_page(tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><html lang=en><title>x</title><p><div></p></div>")

    assert validate([broken])


def saved(windows: Windows, visit: Visit, folder: Path) -> Path:
    """The page as the server sends it, before any script touches it."""
    page = windows.open(visit, java_script_enabled=False)
    answer = page.context.request.get(windows.url(visit))
    file = folder / f"{visit.name.replace(' ', '-')}.html"
    file.write_bytes(answer.body())
    page.context.close()
    return file


def validate(files: list[Path]) -> list[str]:
    """What the validator calls an error, a line each."""
    java = shutil.which("java")
    assert java, "No Java: `make audit` installs it or says how"
    jar = installed(PACKAGE) / "vnu-jar" / "build" / "dist" / "vnu.jar"
    done = subprocess.run(
        [java, "-jar", str(jar), "--format", "json", "--errors-only", *map(str, files)],
        capture_output=True,
        text=True,
        timeout=180,
    )
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{Path(message.get('url', '')).name}:{message.get('lastLine')} {message['message']}"
        f" | {message.get('extract', '')}"
        for message in messages
    ]
