"""Records that pages print."""

from typing import Any

from django.db import models


class PrintedOnPages(models.Model):
    """Saved or deleted, it has every page that is kept made anew."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        _changed()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        _changed()
        return deleted


def _changed() -> None:
    from .. import freshness  # knows the models, so it cannot load before them

    freshness.changed()
