"""Making the sizes of pictures before a shopper asks for them.

Each in the sizes of the places it has; one that has none yet, as after an upload, in all of them.
A size that is missing all the same is made while its page is rendered: slow once, never wrong.
"""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, IntegerField, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage, Filter
from wagtail.models import ReferenceIndex

from .pictures import PLACES, SIZES

SPECS = {name: Filter.expand_spec(size) for name, size in SIZES.items()}


def sizes_lacking(image: AbstractImage) -> list[str]:
    """Names in `pictures.SIZES` that the picture is shown in and of which something is missing."""
    places = set(_placed().filter(to_object_id=str(image.pk)).values_list("model_path", flat=True))
    shown = [set(PLACES.get(place, SIZES)) for place in places] or [set(SIZES)]
    lacking = {each.spec for each in _lacking(image, chain.from_iterable(SPECS.values()))}
    return [name for name in SIZES if name in set.union(*shown) and lacking & set(SPECS[name])]


def make(image: AbstractImage, name: str) -> None:
    """Render what is missing of one of `pictures.SIZES`: a second or two."""
    image.create_renditions(*_lacking(image, SPECS[name]))


def pictures_lacking(most: int) -> list[int]:
    """Ids of pictures that were never rendered in all the sizes they are shown in, in any order.

    In any order, so that one that cannot be rendered never stands in the way of the others.
    """
    anywhere = ~Q(pk__in=_keys()) | Q(pk__in=_keys(~Q(model_path__in=PLACES)))
    lacking = Q()
    for name, specs in SPECS.items():
        places = [place for place, shown in PLACES.items() if name in shown]
        shown = anywhere | Q(pk__in=_keys(Q(model_path__in=places)))
        lacking |= shown & Q(**{f"{name}__lt": len(specs)})
    pictures = get_image_model().objects.alias(**{name: _made(SPECS[name]) for name in SPECS})
    return list(pictures.filter(lacking).order_by("?").values_list("pk", flat=True)[:most])


def _lacking(image: AbstractImage, specs: Iterable[str]) -> list[Filter]:
    """Those without a rendition at the focal point of now; each process's cache is not asked."""
    there = set(image.renditions.values_list("filter_spec", "focal_point_key"))
    wanted = map(Filter, specs)
    return [each for each in wanted if (each.spec, each.get_cache_key(image)) not in there]


def _made(specs: list[str]) -> Count:
    """How many of these a picture has."""
    these = Q(renditions__filter_spec__in=specs)
    return Count("renditions__filter_spec", filter=these, distinct=True)


def _placed() -> QuerySet[Any]:
    """Where all pictures are placed, as Wagtail has noted it."""
    pictures = ContentType.objects.get_for_model(get_image_model())
    return ReferenceIndex.objects.filter(to_content_type=pictures)


def _keys(where: Q | None = None) -> QuerySet[Any]:
    """The keys of the pictures that are placed."""
    rows = _placed().filter(where or Q())
    return rows.annotate(key=Cast("to_object_id", IntegerField())).values("key")
