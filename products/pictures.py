"""The sizes pictures are shown in, and reading the ready-made ones of a whole page at once."""

from collections.abc import Collection
from functools import cache

from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtail.images.shortcuts import get_renditions_or_not_found

from . import freshness, kept

# 720: as wide as most phones show a picture that fills their page, at two pixels to a point.
CARD = "format-{webp,jpeg}|fill-{400x400,800x800}"  # components/product_card.html
TILE = "format-{webp,jpeg}|fill-{480x300,960x600}"  # components/category_tile.html
SLIDE = "format-{avif,webp,jpeg}|fill-{720x720,1200x1200}"  # components/gallery.html
THUMBNAIL = "fill-144x144|format-webp"  # components/gallery.html
LINE = "fill-240x240|format-webp"  # cart/line.html, checkout/summary_lines.html
HERO = "format-{avif,webp,jpeg}|fill-{720x540,1280x960}"  # home/blocks/hero.html
WIDE = "format-{webp,jpeg}|width-{720,1200}"  # components/figure.html, home/blocks

# Everything that any template shows, by the names in their {% picture_of %} tags. Workers make of
# each picture what is shown where it is placed.
SIZES = {
    "line": LINE,
    "thumbnail": THUMBNAIL,
    "card": CARD,
    "tile": TILE,
    "wide": WIDE,
    "slide": SLIDE,
    "hero": HERO,
}
# What is shown of a picture at each place in a page, named as in Wagtail's index of references. At
# a place that is not named here, or before it has one, it may be shown in every size.
GOODS = ("line", "thumbnail", "card", "slide")
PLACES = {
    "gallery.item.image": GOODS,
    "variants.item.image": GOODS,
    "image": ("tile",),
    "body.picture": ("wide",),
    "body.picture_and_text.image": ("wide",),
    "body.hero.image": ("hero",),
}


def renditions(image: AbstractImage, size: str) -> dict[str, AbstractRendition]:
    """The files of one size. Those that do not exist yet are made, which takes a second or two."""
    filters = _filters(size)
    found = image.find_existing_renditions(*filters)
    if len(found) == len(filters):
        return {each.spec: found[each] for each in filters}
    # From an object of its own: the one at hand is kept, and threads would share its open file.
    own = type(image).objects.get(pk=image.pk)
    made: dict[str, AbstractRendition] = get_renditions_or_not_found(own, filters)
    getattr(image, "prefetched_renditions", []).extend(made.values())
    return made


@cache
def _filters(size: str) -> list[Filter]:
    """Parsed once: to parse a size takes longer than to print a picture."""
    return [Filter(spec) for spec in Filter.expand_spec(size)]


def with_renditions(image_ids: Collection[int], *sizes: str) -> dict[int, AbstractImage]:
    """The images by id, with the files of these sizes that exist.

    Kept while they are fresh. One query for all that are not, if each of them has a file.
    """
    found = _images([(image_id, sizes) for image_id in image_ids])
    return {image_id: image for (image_id, _), image in found.items()}


@kept.each_while(freshness.generation)
def _images(
    keys: Collection[tuple[int, tuple[str, ...]]],
) -> dict[tuple[int, tuple[str, ...]], AbstractImage]:
    """By id and sizes, which are the same for all."""
    image_ids, (sizes,) = [image_id for image_id, _ in keys], {sizes for _, sizes in keys}
    specs = [each.spec for size in sizes for each in _filters(size)]
    model = get_image_model()
    renditions = model.get_rendition_model().objects.filter(
        image__in=image_ids, filter_spec__in=specs
    )
    images: dict[int, AbstractImage] = {}
    files: dict[int, list[AbstractRendition]] = {image_id: [] for image_id in image_ids}
    for rendition in renditions.select_related("image"):
        images.setdefault(rendition.image_id, rendition.image)
        files[rendition.image_id].append(rendition)
    if missing := files.keys() - images.keys():
        images |= model.objects.in_bulk(missing)
    for image in images.values():
        image.prefetched_renditions = files[image.pk]  # where Wagtail looks, and asks no further
    return {(image_id, sizes): image for image_id, image in images.items()}
