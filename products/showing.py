"""Which pages everybody may see."""

from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

Rows = TypeVar("Rows", bound=QuerySet)


def shown(pages: PageQuerySet) -> PageQuerySet:
    """Live pages that no password or login closes, themselves or through a page above.

    Wagtail's `public()` says the same, but asks for the closed pages first; this is one statement.
    """
    return not_closed(pages.live())


def not_closed(rows: Rows) -> Rows:
    """Rows with a page's `path`, less those that a password or login closes."""
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    closed = PageViewRestriction.objects.alias(below=path).filter(below__startswith=F("page__path"))
    return rows.filter(~Exists(closed))
