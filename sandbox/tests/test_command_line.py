"""Stripe's own command-line client, from npm, finds nothing strange about the sandbox."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.tests.driving import KEY, Sandbox
from tests.fixtures import npm

PACKAGE = "@stripe/cli@1.52.0"
VERSION = "2026-10-28.endive"

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def stripe_cli(sandbox: Sandbox, tmp_path: Path) -> Run:
    """Runs the client against the sandbox and reads its answer, with a home of its own."""
    program = _installed()
    environment = os.environ | {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
    }
    flags = ["--api-base", sandbox.url, "--api-key", KEY, "--stripe-version", VERSION]

    def run(*words: str) -> dict[str, Any]:
        done = subprocess.run(
            [program, *words, *flags],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return run


def _installed() -> Path:
    try:
        return npm.installed(PACKAGE) / ".bin" / "stripe"
    except npm.Unreachable as why:
        pytest.skip(str(why))


def test_the_official_client_creates_reads_lists_and_expires_a_session(stripe_cli):
    words = ["checkout", "sessions"]
    item = "line_items[0]"

    made = stripe_cli(
        *words, "create", "--mode", "payment", "--success-url", "http://shop.test/thanks",
        "-d", f"{item}[quantity]=2", "-d", f"{item}[price_data][currency]=eur",
        "-d", f"{item}[price_data][unit_amount]=1250",
        "-d", f"{item}[price_data][product_data][name]=Assam tea",
        "--idempotency", "cli-1",
    )  # fmt: skip
    read = stripe_cli(*words, "retrieve", made["id"], "--expand", "line_items")
    listed = stripe_cli("get", "/v1/checkout/sessions", "-d", "limit=1")
    ended = stripe_cli(*words, "expire", made["id"], "--idempotency", "cli-2")
    refused = stripe_cli(
        *words, "create", "-d", "payment_method_types[0]=card", "--idempotency", "cli-3"
    )

    assert made["amount_total"] == 2500
    assert read["line_items"]["data"][0]["description"] == "Assam tea"
    assert [one["id"] for one in listed["data"]] == [made["id"]]
    assert ended["status"] == "expired"
    # The client ends with 0 all the same: only the answer tells.
    assert refused["error"]["code"] == "parameter_unknown"
