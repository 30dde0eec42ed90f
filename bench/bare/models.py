"""A table to read, change and add to."""

from django.db import models


class Row(models.Model):
    number = models.IntegerField(default=0)
    text = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.text
