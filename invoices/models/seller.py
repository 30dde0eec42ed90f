"""Who sells. Every document carries a copy of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.forms import model_to_dict
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from ..particulars import check_iban, check_vat_id, country_choices, missing_particulars


@register_setting(icon="home")
class Seller(BaseGenericSetting):
    """Who sells: printed on invoices and in mails."""

    name = models.CharField(_("legal name"), max_length=120, default="")
    street = models.CharField(_("street"), max_length=120, default="")
    postcode = models.CharField(_("postcode"), max_length=20, default="")
    city = models.CharField(_("city"), max_length=80, default="")
    country = models.CharField(_("country"), max_length=2, choices=country_choices, default="DE")
    email = models.EmailField(_("e-mail"), default="", blank=True)
    phone = models.CharField(_("telephone"), max_length=40, default="", blank=True)
    vat_id = models.CharField(
        _("VAT id"), max_length=20, default="", blank=True, validators=[check_vat_id]
    )
    register_entry = models.CharField(_("register entry"), max_length=120, default="", blank=True)
    # With blanks, as people write it.
    iban = models.CharField(
        _("IBAN"), max_length=42, default="", blank=True, validators=[check_iban]
    )
    invoice_note = models.CharField(
        _("last line of the invoice"), max_length=300, default="", blank=True
    )

    panels = [
        HelpPanel(template="invoices/seller_completeness.html"),
        *(
            FieldPanel(name)
            for name in (
                "name",
                "street",
                "postcode",
                "city",
                "country",
                "email",
                "phone",
                "vat_id",
                "register_entry",
                "iban",
                "invoice_note",
            )
        ),
    ]

    class Meta:
        verbose_name = _("seller details")

    def __str__(self) -> str:
        return self.name

    def missing(self) -> list[str]:
        """What e-invoices still need. Invoices are printed and mailed without it."""
        return missing_particulars(self)

    def as_printed(self) -> dict[str, Any]:
        """The seller as plain data: every field, and what invoices and mails add to it.

        `lines` is the address below the name, `brand` the shop's own name, `url` its address.
        """
        fields = model_to_dict(self, exclude=["id"])
        town = f"{self.postcode} {self.city}".strip()
        lines = [self.street, town, str(countries.name(self.country))]
        return {
            **fields,
            "lines": [line for line in lines if line],
            "brand": settings.WAGTAIL_SITE_NAME,
            "url": settings.BASE_URL,
        }
