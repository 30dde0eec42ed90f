"""The counters of the series."""

from django.db import models


class NumberSeries(models.Model):
    """The last number given out in one series and year. Locked by whoever takes the next."""

    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year"], name="one_counter_per_series_and_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.last}"
