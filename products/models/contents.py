"""In what a variant's contents are measured, and by which unit such goods are compared."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContentUnit(models.TextChoices):
    """As printed on the pack."""

    GRAM = "g", "g"
    KILOGRAM = "kg", "kg"
    MILLILITRE = "ml", "ml"
    LITRE = "l", "l"
    METRE = "m", "m"
    SQUARE_METRE = "m²", "m²"
    PIECE = "piece", _("pieces")

    @property
    def base(self) -> "ContentUnit":
        """The unit whose price the law wants beside the selling price (98/6/EC, Art. 2 b)."""
        return _BASES.get(self, self)

    @property
    def per_base(self) -> int:
        """How many of this unit make one of the base: 1000 g are a kilogram."""
        return 1 if self.base is self else 1000


_BASES = {
    ContentUnit.GRAM: ContentUnit.KILOGRAM,
    ContentUnit.MILLILITRE: ContentUnit.LITRE,
}
