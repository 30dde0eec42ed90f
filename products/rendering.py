"""Making the sizes of pictures before a shopper asks for them.

A size that is missing all the same is made while its page is rendered: slow once, never wrong.
"""

from collections.abc import Iterable

from django.db.models import Count, Q
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, Filter

from .pictures import SIZES

SPECS = sorted({spec for size in SIZES.values() for spec in Filter.expand_spec(size)})


def sizes_lacking(image: AbstractImage) -> list[str]:
    """The names in `pictures.SIZES` of which something is missing. One query."""
    lacking = {each.spec for each in _lacking(image, SPECS)}
    return [name for name, size in SIZES.items() if lacking.intersection(Filter.expand_spec(size))]


def make(image: AbstractImage, name: str) -> None:
    """Render what is missing of one of `pictures.SIZES`: a second or two."""
    image.create_renditions(*_lacking(image, Filter.expand_spec(SIZES[name])))


def _lacking(image: AbstractImage, specs: Iterable[str]) -> list[Filter]:
    """Those without a rendition at the focal point of now; each process's cache is not asked."""
    there = set(image.renditions.values_list("filter_spec", "focal_point_key"))
    wanted = map(Filter, specs)
    return [each for each in wanted if (each.spec, each.get_cache_key(image)) not in there]


def pictures_lacking(most: int) -> list[int]:
    """Ids of pictures that were never rendered in all sizes, in any order.

    In any order, so that one that cannot be rendered never stands in the way of the others.
    """
    rendered = Count(
        "renditions__filter_spec", filter=Q(renditions__filter_spec__in=SPECS), distinct=True
    )
    pictures = get_image_model().objects.alias(rendered=rendered)
    lacking = pictures.filter(rendered__lt=len(SPECS)).order_by("?")
    return list(lacking.values_list("pk", flat=True)[:most])
