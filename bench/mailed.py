"""From the shopper's payment to the invoice in the mail server's hands, through every process."""

import json

from .servers import run

BOUND = 5.0  # seconds


def waits(environment: dict[str, str], *, times: int) -> list[float]:
    """Seconds each of so many orders took, one after the other, in a shop of its own."""
    broker = {"WHOLE_SHOP_BROKER_URL": environment["CELERY_BROKER_URL"]}
    return [
        float(wait)
        for wait in json.loads(run(environment | broker, "-m", "bench.shop.mailed", str(times)))
    ]
