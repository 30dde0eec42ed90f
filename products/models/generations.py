"""How often what shoppers see has changed."""

from django.db import models, transaction
from django.db.models import F

ROW = 1


class Generation(models.Model):
    """One row with one number: whatever is kept belongs to one of them. See `freshness`."""

    number = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)


def current() -> int:
    """The number that holds now. One query."""
    return Generation.objects.filter(pk=ROW).values_list("number", flat=True).first() or 0


def begin_another() -> None:
    """Raise the number once the current transaction has committed.

    After it, not in it: sales would queue at the one row until the other had committed. A process
    that dies in between raises nothing; what is kept then ends by its age.
    """
    promised = transaction.get_connection().run_on_commit
    if not any(callback is _raise for _, callback, _ in promised):
        transaction.on_commit(_raise, robust=True)


def _raise() -> None:
    if not Generation.objects.filter(pk=ROW).update(number=F("number") + 1):
        # The first time. Whoever else does the same at once means the same.
        Generation.objects.bulk_create([Generation(pk=ROW, number=1)], ignore_conflicts=True)
