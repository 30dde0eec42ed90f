"""What the shop needs of the machine beside Python packages: libraries, programs, free ports.

`python -m storefront.machine pango chromium port:8000` says what is missing and how to install it,
or installs it where it may. The standard library only: it runs before anything is installed.
"""

import os
import shutil
import socket
import subprocess
import sys
from ctypes.util import find_library

PACKAGES = {  # Debian's names
    "pango": ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"],
    "chromium": ["chromium"],
    "npm": ["npm"],
    "java": ["default-jre-headless"],
    "qpdf": ["qpdf"],
    "pdfinfo": ["poppler-utils"],
    "venv": ["python3-venv"],
}
LIBRARIES = [
    "gobject-2.0",
    "pango-1.0",
    "pangoft2-1.0",
    "harfbuzz",
    "harfbuzz-subset",
    "fontconfig",
]
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]


def chromium() -> str | None:
    """The browser of the tests: `CHROMIUM`, or the first one installed."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def main(needs: list[str]) -> None:
    """Make sure of every need; exit with a message on what this machine lacks."""
    ports = [int(need.removeprefix("port:")) for need in needs if need.startswith("port:")]
    missing = [need for need in needs if need in PACKAGES and not _is_there(need)]
    if missing:
        _install([package for need in missing for package in PACKAGES[need]])
    for port in ports:
        if _is_taken(port):
            sys.exit(f"Port {port} is in use. Choose others: make run PORT=8010 SANDBOX_PORT=8011")


def _is_there(need: str) -> bool:
    if need == "pango":
        return all(map(find_library, LIBRARIES))
    if need == "chromium":
        return chromium() is not None
    if need in ("npm", "java", "qpdf", "pdfinfo"):
        return shutil.which(need) is not None
    return False  # asked for by someone who saw it missing


def _install(packages: list[str]) -> None:
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        sys.exit(f"Missing: {', '.join(packages)}. On Debian or Ubuntu: sudo {' '.join(command)}")
    print(f"Installing {', '.join(packages)}", flush=True)  # noqa: T201 - a command's own output
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "--quiet=2"], [*command, "--quiet=2"]):
        subprocess.run(step, check=True, env=quietly, stdin=subprocess.DEVNULL)  # noqa: S603


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main(sys.argv[1:])
