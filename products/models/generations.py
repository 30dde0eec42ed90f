"""How often what shoppers see has changed."""

from django.db import models


class Generation(models.Model):
    """One row with one number. Only `products.freshness` reads and raises it."""

    number = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)
