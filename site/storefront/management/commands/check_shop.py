"""`manage.py check_shop`: are the shop's books right?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront import books


class Command(BaseCommand):
    help = "Checks every invariant on the live data; names what is wrong and exits non-zero."

    def handle(self, *args: Any, **options: Any) -> None:
        found = books.breaches(timezone.now())
        for breach in found:
            self.stdout.write(f"{breach.invariant}: {breach.subject}: {breach.detail}")
        if found:
            raise CommandError(f"{len(found)} breaches")
        self.stdout.write("The books are right.")
