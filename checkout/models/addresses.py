"""Where orders go."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField


class Address(models.Model):
    """Where somebody lives, as it was when they ordered. Never edited."""

    name = models.CharField(_("name"), max_length=120)
    company = models.CharField(_("company"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=200)
    extra = models.CharField(_("address line 2"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    country: "models.Field[str, Any]" = CountryField(_("country"), db_index=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self) -> str:
        return ", ".join(self.lines())

    def lines(self) -> list[str]:
        """The address as it is written on a parcel, empty lines left out."""
        town = " ".join(filter(None, (self.postcode, self.city)))
        lines = (
            self.name,
            self.company,
            self.street,
            self.extra,
            town,
            self.region,
            self.country.name,
        )
        return [line for line in lines if line]
