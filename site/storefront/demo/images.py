"""Drawn pictures as Wagtail images, and the sizes that lists show."""

from collections.abc import Iterable, Iterator
from itertools import chain

from django.core.files import File
from wagtail.images.models import Filter, Image
from wagtail.models import Page

from home.models import HomePage
from products import pictures
from products.models import ProductPicture

from . import HERE


def image(name: str, shows: str) -> Image:
    """The picture `pictures/<name>.jpg`, uploaded once; `shows` is its alternative text here."""
    there = Image.objects.filter(title=name).first() or _upload(name, shows)
    there.contextual_alt_text = shows
    return there


def make_front_sizes() -> None:
    """Render what the landing page shows, so that the first visitor does not wait for it."""
    blocks = [block for home in HomePage.objects.all() for block in home.body]
    _render((one.value["image"] for one in blocks if one.block_type == "hero"), pictures.HERO)
    goods = (one.value["products"] for one in blocks if one.block_type in ("featured", "carousel"))
    _render(_firsts(chain.from_iterable(goods)), pictures.CARD)
    shelves = (one.value["categories"] for one in blocks if one.block_type == "categories")
    _render((shelf.image for shelf in chain.from_iterable(shelves)), pictures.TILE)


def _firsts(pages: Iterable[Page]) -> Iterator[Image]:
    """The first pictures of those product pages."""
    keys = [one.pk for one in pages]
    firsts = ProductPicture.objects.filter(sort_order=0, page__in=keys).select_related("image")
    return (first.image for first in firsts)


def _upload(name: str, shows: str) -> Image:
    with (HERE / "pictures" / f"{name}.jpg").open("rb") as file:
        drawn = File(file, name=f"{name}.jpg")
        return Image.objects.create(title=name, description=shows, file=drawn)


def _render(images: Iterable[Image], sizes: str) -> None:
    for one in images:
        one.get_renditions(*Filter.expand_spec(sizes))
