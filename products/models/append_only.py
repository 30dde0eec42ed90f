"""Rows that are written once and then only read: logs and ledgers."""

from typing import Any, NoReturn

from django.db import models


class WrittenForGood(Exception):
    """Somebody tried to change or delete a row of a log."""


class AppendOnlyQuerySet(models.QuerySet):
    """Adds and reads. Refuses what would change rows behind the model's back."""

    def update(self, **fields: Any) -> NoReturn:
        raise WrittenForGood(self.model._meta.label)

    def delete(self) -> NoReturn:
        raise WrittenForGood(self.model._meta.label)


# A class, not a name for one: mypy's cache keeps no managers that are made while it looks.
class AppendOnlyManager(models.Manager.from_queryset(AppendOnlyQuerySet)):  # type: ignore[misc]
    pass


class AppendOnly(models.Model):
    """A row that can be added, and neither changed nor deleted by itself.

    It does go with a variant that is deleted, which nothing that was ever ordered can be. Not by
    triggers: SQLite drops them silently whenever a migration rebuilds the table.
    """

    objects = AppendOnlyManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises WrittenForGood if the row is there already."""
        if not self._state.adding:
            raise WrittenForGood(f"{self._meta.label} {self.pk}")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WrittenForGood(f"{self._meta.label} {self.pk}")
