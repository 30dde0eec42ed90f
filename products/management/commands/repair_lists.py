"""`manage.py repair_lists`: make lists and search say what the pages say, now."""

from typing import Any

from django.core.management.base import BaseCommand

from products.finding import keeping


class Command(BaseCommand):
    help = "Writes anew everything that lists and search look at."

    def handle(self, *args: Any, **options: Any) -> None:
        keeping.repair()
