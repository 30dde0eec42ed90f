"""`manage.py welcome`: part of `make run`; says where everything is once it answers."""

import signal
import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from products import tasks
from storefront.demo import people

PATIENCE = 120  # seconds


class Command(BaseCommand):
    """Waits for web and sandbox, prints the addresses and stays: if it ended, all would stop."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        places = addresses()
        for address in places.values():
            _wait_for(address)
        self.stdout.write("\n".join(["", *_lines(places), ""]))
        tasks.sweep_pictures.delay()  # minutes of work, so workers do it while the shop is open
        signal.pause()


def addresses() -> dict[str, str]:
    """Where a visitor of the demo may look."""
    return {
        "Shop": settings.BASE_URL,
        "Admin": settings.BASE_URL + reverse("wagtailadmin_home"),
        "Outbox": settings.BASE_URL + reverse("messages_modeladmin_index"),
        "Payment sandbox": settings.STRIPE_API_BASE,
    }


def _lines(places: dict[str, str]) -> list[str]:
    lines = [f"{name:<16} {address}" for name, address in places.items()]
    if settings.DEBUG:  # the demo's passwords are no secret, and exist nowhere else
        lines += [
            f"{'Sign in as' if not number else '':<16} {who.username} / {who.password}"
            for number, who in enumerate(people.sign_ins())
        ]
    return [*lines, f"{'Pay with':<16} 4242 4242 4242 4242, any date and code", "Stop with Ctrl-C"]


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(address) and time.monotonic() < deadline:
        time.sleep(0.2)


def _answers(address: str) -> bool:
    try:
        urlopen(address, timeout=20).close()  # noqa: S310 - an address from the settings
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
    return True
