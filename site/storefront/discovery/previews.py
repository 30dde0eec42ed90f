"""The picture shown beside a link to a page: one of those that the page shows anyway."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wagtail.images.models import AbstractImage

from products import pictures

from .addresses import absolute


@dataclass(frozen=True)
class Picture:
    """Its address is absolute; sizes in pixels."""

    url: str
    width: int
    height: int
    alt: str


def gallery(context: Mapping[str, Any]) -> dict[int, Picture]:
    """A product's pictures in their order, by the id of their image."""
    shown = context.get("gallery") or []
    return {each.image_id: _picture(each.image, pictures.SLIDE, each.alt_text) for each in shown}


def first(context: Mapping[str, Any]) -> Picture | None:
    """The first picture of a page; none if it has only words."""
    return next(_pictures(context), None)


def _pictures(context: Mapping[str, Any]) -> Iterator[Picture]:
    yield from gallery(context).values()
    for card in context.get("cards") or []:
        if card.image:
            yield _picture(card.image, pictures.CARD, card.alt_text)
    for block in getattr(context["page"], "body", []):
        if block.block_type == "hero" and (image := block.value["image"]):
            yield _picture(image, pictures.HERO, image.contextual_alt_text or "")


def _picture(image: AbstractImage, size: str, alt: str) -> Picture:
    """The largest JPEG, because not everything that shows links knows newer kinds."""
    *_, made = pictures.renditions(image, size).values()
    return Picture(absolute(made.url), made.width, made.height, alt)
