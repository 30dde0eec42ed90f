"""Where a product page is used: what points at it from other pages, menus of search, redirects."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page, ReferenceIndex

MOST = 50  # Wagtail's own usage screen pages through more


@dataclass(frozen=True)
class Use:
    """Something that points here: its name, in which of its fields, and the screen that edits it.

    Whoever may not edit it gets neither name nor `url`.
    """

    title: str
    kind: str
    places: tuple[str, ...]
    is_live: bool
    url: str


def uses_of(pages: Sequence[Page], user: Any) -> list[Use]:
    """What points at any of these pages. A query for each kind of thing that does."""
    references = ReferenceIndex.get_references_to_in_bulk(list(pages))
    grouped = defaultdict(list)
    for reference in references.order_by("base_content_type", "object_id", "pk")[: MOST * 4]:
        grouped[reference.base_content_type_id, reference.object_id].append(reference)
    sources = _sources(list(grouped)[:MOST])
    finder = AdminURLFinder(user)
    return [
        _use(source, grouped[key], finder.get_edit_url(source)) for key, source in sources.items()
    ]


def _sources(keys: list[tuple[int, str]]) -> dict[tuple[int, str], Any]:
    """The things themselves, those that still exist."""
    found = {}
    wanted = defaultdict(list)
    for content_type, key in keys:
        wanted[content_type].append(key)
    for content_type, ids in wanted.items():
        of_kind = ContentType.objects.get_for_id(content_type)
        for source in of_kind.get_all_objects_for_this_type(pk__in=ids):
            found[content_type, str(source.pk)] = source
    return found


def _use(source: Any, references: list[ReferenceIndex], url: str | None) -> Use:
    places = dict.fromkeys(str(reference.describe_source_field()) for reference in references)
    return Use(
        title=str(source) if url else "",
        kind=capfirst(str(references[0].model_name)),
        places=tuple(places),
        is_live=getattr(source, "live", True),
        url=url or "",
    )
