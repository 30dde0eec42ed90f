"""What the processes of a shop under test have on top: see `settings`."""

import os
from datetime import timedelta

from django.apps import AppConfig
from django.utils import timezone


class Faults(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        from tests.faults import crashing

        crashing.install()
        if seconds := os.environ.get("CLOCK_AHEAD"):
            import time_machine

            wrong = timezone.now() + timedelta(seconds=int(seconds))
            time_machine.travel(wrong, tick=True).start()
        if crashing.PROCESS == "worker":
            import weasyprint  # noqa: F401  # once, not in every child that follows a killed one
