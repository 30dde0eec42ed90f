"""Wagtail tells what editors did to pages, pictures and sites: pages that are kept follow."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, ModelLogEntry, Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    pre_page_move,
)

from products import cdn, freshness


def _changed(**_: Any) -> None:
    freshness.changed()


def _page_changed(instance: Page, instance_before: Page | None = None, **_: Any) -> None:
    freshness.changed()
    cdn.forget_pages(filter(None, (instance, instance_before)))


def _record_saved(created: bool, **_: Any) -> None:
    """A new picture or document is shown by no page yet."""
    if not created:
        freshness.changed()


def watch() -> None:
    """Once per process. Drafts and autosaves of pages change nothing that is shown."""
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(_page_changed, dispatch_uid="page cache")
    # Before a page leaves its place, for the addresses it had there.
    pre_page_move.connect(_page_changed, dispatch_uid="page cache")
    pre_delete.connect(_page_changed, sender=Page, dispatch_uid="page cache")
    for model in (PageViewRestriction, Site, Locale):
        post_save.connect(_changed, sender=model, dispatch_uid="page cache")
        post_delete.connect(_changed, sender=model, dispatch_uid="page cache")
    for model in (get_image_model(), get_document_model()):
        post_save.connect(_record_saved, sender=model, dispatch_uid="page cache")
        post_delete.connect(_changed, sender=model, dispatch_uid="page cache")
    # Settings, shipping methods and whatever else the admin's own forms save.
    post_save.connect(_changed, sender=ModelLogEntry, dispatch_uid="page cache")
