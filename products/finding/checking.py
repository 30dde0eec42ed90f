"""Whether lists and search say what the pages say."""

from collections.abc import Iterator

from ..checking import Breach
from ..models import ProductPage
from . import keeping


def breaches() -> Iterator[Breach]:
    """Every page that is found by what it is not. All pages are read, some at a time."""
    for page in ProductPage.objects.filter(pk__in=list(keeping.differing())).order_by("pk"):
        yield Breach(
            "lists and search say what the pages say",
            f"{page.title} ({page.pk})",
            "mended every night, or by `manage.py repair_lists`",
        )
