"""Whether lists and search say what the pages say."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ..checking import Breach
from ..models import ProductPage, StaleListing
from . import keeping

SOON = timedelta(minutes=10)  # the sweep comes every minute


def breaches(*, at: datetime) -> Iterator[Breach]:
    """Every page that is found by what it is not. All pages are read, some at a time."""
    owed = StaleListing.objects.filter(since__gt=at - SOON).values("variant__product")
    wrong = ProductPage.objects.filter(pk__in=list(keeping.differing()))
    for page in wrong.exclude(product__in=owed).order_by("pk"):
        yield Breach(
            "lists and search say what the pages say",
            f"{page.title} ({page.pk})",
            "mended every night, or by `manage.py repair_lists`",
        )
