"""What the words of pages point at. Read in their stored form: no block is built for it, so a page
costs no query of its own however much it shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, get_page_models
from wagtail.rich_text.rewriters import extract_attrs

LINK = re.compile(r"<a(\b[^>]*)>")


@dataclass
class Contents:
    """What one live page shows and leads to; pages by their keys, which may be dead."""

    pk: int
    title: str
    chosen: list[int] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    bare_pictures: int = 0  # neither described nor marked as decoration

    def says_something(self) -> bool:
        return bool(self.chosen or self.linked or self.addresses or self.bare_pictures)


def live_pages() -> Iterator[Contents]:
    """The contents of every live page that leads anywhere: one query for each type of page."""
    for model in get_page_models():
        fields = [
            one for one in model._meta.get_fields() if isinstance(one, StreamField | RichTextField)
        ]
        if not fields:
            continue
        pages = model.objects.live().only("title", *(one.name for one in fields)).order_by("path")
        for page in pages.iterator(chunk_size=500):
            found = _contents(page, fields)
            if found.says_something():
                yield found


def leaves(block: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    """The innermost blocks that say something, each with its stored value."""
    if isinstance(block, blocks.StreamBlock):
        for item in value or []:
            if child := block.child_blocks.get(item["type"]):
                yield from leaves(child, item["value"])
    elif isinstance(block, blocks.ListBlock):
        for item in value or []:
            in_block_format = isinstance(item, dict) and item.get("type") == "item"
            yield from leaves(block.child_block, item["value"] if in_block_format else item)
    elif isinstance(block, blocks.StructBlock) and not isinstance(block, ImageBlock):
        for name, child in block.child_blocks.items():
            yield from leaves(child, (value or {}).get(name))
    elif value:
        yield block, value


def _contents(page: Page, fields: list[Any]) -> Contents:
    found = Contents(page.pk, page.title)
    for one in fields:
        value = getattr(page, one.name)
        if isinstance(one, RichTextField):
            _read_links(value, found)
        elif value:
            for block, stored in leaves(one.stream_block, value.raw_data):
                _read(block, stored, found)
    return found


def _read(block: Any, stored: Any, found: Contents) -> None:
    if isinstance(block, blocks.PageChooserBlock):
        found.chosen.append(int(stored))
    elif isinstance(block, blocks.RichTextBlock):
        _read_links(stored, found)
    elif isinstance(block, blocks.URLBlock):
        found.addresses.append(stored)
    elif isinstance(block, ImageBlock):
        found.bare_pictures += _is_bare(stored)


def _read_links(html: str, found: Contents) -> None:
    for tag in LINK.finditer(html):
        attributes = extract_attrs(tag[1])
        if attributes.get("linktype") == "page":
            found.linked.append(int(attributes.get("id") or 0))
        elif "linktype" not in attributes:
            found.addresses.append(attributes.get("href", ""))


def _is_bare(stored: Any) -> bool:
    if not isinstance(stored, dict):  # stored before pictures had words of their own
        return True
    described = stored.get("decorative") or (stored.get("alt_text") or "").strip()
    return bool(stored.get("image")) and not described
