"""`{% load pictures %}`: pictures in the sizes that are made beforehand."""

from django import template
from wagtail.images.models import AbstractImage, Picture, ResponsiveImage

from ..pictures import SIZES, renditions

register = template.Library()


@register.simple_tag
def picture_of(image: AbstractImage | None, size: str, **attributes: str) -> str:
    """`{% picture_of card.image "card" alt=card.alt_text %}`: one of `pictures.SIZES` by its name.

    Prints a `<picture>`, or an `<img>` if there is only one file to choose from. Wagtail's own tag
    takes the size as it is written in SIZES, and parses it again for every picture.
    """
    if not image:
        return ""
    made = renditions(image, SIZES[size])
    kind = Picture if len(made) > 1 else ResponsiveImage
    return kind(made, attributes).__html__()
