"""Which VAT holds where: a table that merchants fill in."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from wagtail.admin.panels import FieldPanel

from products.models import TaxClass


class TaxRate(models.Model):
    """The VAT rate of one class in one country, from one day on until the next row begins."""

    tax_class = models.CharField(_("tax class"), max_length=20, choices=TaxClass)
    country: "models.Field[str, Any]" = CountryField(_("country"))
    rate = models.DecimalField(_("rate in percent"), max_digits=5, decimal_places=2)
    valid_from = models.DateField(_("valid from"))

    panels = [FieldPanel(name) for name in ("country", "tax_class", "rate", "valid_from")]

    class Meta:
        ordering = ["country", "tax_class", "-valid_from"]
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.UniqueConstraint(
                fields=["tax_class", "country", "valid_from"],
                name="one_rate_per_class_country_day",
                violation_error_message=_("This country has a rate of this class from that day."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate__lt=100),
                name="a_rate_is_a_percentage",
                violation_error_message=_("A rate lies between 0 and 100 percent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country.code} {self.get_tax_class_display()} {self.rate} %"
