"""`manage.py demo`: fill the shop with a tea house to look around in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from storefront.demo import coupons, images, past_orders, people, selling, shelves, words


class Command(BaseCommand):
    """Loads what is missing of the demo shop. The second time changes nothing."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="load it although DEBUG is off: known passwords!"
        )
        parser.add_argument(
            "--without-orders", action="store_true", help="no past orders, so no payment sandbox"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError on a shop that may be a real one."""
        if not (settings.DEBUG or options["force"]):
            raise CommandError("The demo's passwords are public: not on a shop without DEBUG.")
        self._load()
        if not options["without_orders"]:
            past_orders.load(at=timezone.now())

    @transaction.atomic
    def _load(self) -> None:
        people.load()
        selling.load()
        shelves.load(at=timezone.now())
        coupons.load(at=timezone.now())
        words.load()
        images.make_front_sizes()
