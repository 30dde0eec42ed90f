"""Drawn pictures as Wagtail images, and the sizes that lists show."""

from collections.abc import Iterable

from django.core.files import File
from wagtail.images.models import Filter, Image

from home.models import HomePage
from products import pictures
from products.models import CategoryPage, ProductPicture

from . import HERE

HERO = "format-{avif,webp,jpeg}|fill-{640x480,1280x960}"  # templates/home/blocks/hero.html


def image(name: str, shows: str) -> Image:
    """The picture `pictures/<name>.jpg`, uploaded once; `shows` is its alternative text here."""
    there = Image.objects.filter(title=name).first() or _upload(name, shows)
    there.contextual_alt_text = shows
    return there


def make_list_sizes() -> None:
    """Render what landing page and lists show, so that the first visitor does not wait for it."""
    firsts = ProductPicture.objects.filter(sort_order=0).select_related("image")
    _render((first.image for first in firsts), pictures.CARD)
    shelves = CategoryPage.objects.exclude(image=None).select_related("image")
    _render((shelf.image for shelf in shelves), pictures.TILE)
    heroes = (block for home in HomePage.objects.all() for block in home.body)
    _render((block.value["image"] for block in heroes if block.block_type == "hero"), HERO)


def make_page_sizes() -> None:
    """Render what product pages show: about a minute, so it is done while the shop is open."""
    slides = ProductPicture.objects.select_related("image")
    _render((slide.image for slide in slides), pictures.SLIDE)


def _upload(name: str, shows: str) -> Image:
    with (HERE / "pictures" / f"{name}.jpg").open("rb") as file:
        drawn = File(file, name=f"{name}.jpg")
        return Image.objects.create(title=name, description=shows, file=drawn)


def _render(images: Iterable[Image], sizes: str) -> None:
    for one in images:
        one.get_renditions(*Filter.expand_spec(sizes))
