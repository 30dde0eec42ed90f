"""The command line: flags become the environment that `sandbox.settings` reads."""

import argparse
import os
from pathlib import Path


def main() -> None:
    """Run the sandbox until it is stopped."""
    flags = _parser().parse_args()
    database = Path(flags.database).resolve()
    database.parent.mkdir(parents=True, exist_ok=True)
    os.environ["SANDBOX_DATABASE"] = str(database)
    os.environ["SANDBOX_MERCHANT"] = flags.merchant
    os.environ["SANDBOX_PUBLIC_URL"] = flags.public_url.rstrip("/")
    os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"

    # Only now: Django reads the settings when it is first imported in earnest.
    from sandbox import server

    server.run(flags.host, flags.port, flags.webhook_url, flags.webhook_secret)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A stand-in for Stripe.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 picks a free port")
    parser.add_argument("--database", default="var/sandbox.sqlite3")
    parser.add_argument("--webhook-url", default="", help="where events are sent")
    parser.add_argument("--webhook-secret", default="whsec_sandbox", help="signs those events")
    parser.add_argument("--merchant", default="Sandbox shop", help="the name the buyer sees")
    parser.add_argument(
        "--public-url", default="", help="the sandbox as browsers see it (default: as asked)"
    )
    return parser


if __name__ == "__main__":
    main()
