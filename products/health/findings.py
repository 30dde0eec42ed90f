"""Something editors should look at."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST = 1000  # of one kind; whoever has more begins with these


class Kind(models.TextChoices):
    """The worst first: what shoppers stumble over, then what search engines and parcels miss."""

    SOLD_OUT = "sold_out", _("Sold-out product on a page")
    UNPUBLISHED = "unpublished", _("Unpublished product on a page")
    DEAD_LINK = "dead_link", _("Dead link")
    NO_PRODUCT = "no_product", _("Page without a product")
    NO_PAGE = "no_page", _("Product without a page")
    ALT_TEXT = "alt_text", _("Picture without alternative text")
    DESCRIPTION = "description", _("Page without a meta description")
    GTIN = "gtin", _("Variant without a GTIN")
    WEIGHT = "weight", _("Variant without a weight")


@dataclass(frozen=True)
class Finding:
    """`subject` is what is wrong, `detail` says how, and `url` is the screen that mends it."""

    kind: Kind
    subject: str
    detail: str
    url: str
