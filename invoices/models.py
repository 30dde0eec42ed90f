"""Numbered documents: copies of what was sold, in the words that were printed."""

from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.forms import model_to_dict
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


def private_storage() -> Storage:
    """Files that no public address reaches."""
    return storages["private"]


@register_setting(icon="home")
class Seller(BaseGenericSetting):
    """Who sells: printed on invoices and in mails."""

    name = models.CharField(_("legal name"), max_length=120, default="")
    street = models.CharField(_("street"), max_length=120, default="")
    postcode = models.CharField(_("postcode"), max_length=20, default="")
    city = models.CharField(_("city"), max_length=80, default="")
    country = models.CharField(_("country"), max_length=2, default="DE")
    email = models.EmailField(_("e-mail"), default="", blank=True)
    phone = models.CharField(_("telephone"), max_length=40, default="", blank=True)
    vat_id = models.CharField(_("VAT id"), max_length=20, default="", blank=True)
    register_entry = models.CharField(_("register entry"), max_length=120, default="", blank=True)
    iban = models.CharField(_("IBAN"), max_length=34, default="", blank=True)
    invoice_note = models.CharField(
        _("last line of the invoice"), max_length=300, default="", blank=True
    )

    panels = [
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
    ]

    class Meta:
        verbose_name = _("seller details")

    def __str__(self) -> str:
        return self.name

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


class Invoice(models.Model):
    """What was billed. Written when the money is there, printed by a worker, never changed."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.INVOICE)
    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(_("number"), max_length=40, unique=True)  # INV-2026-00001
    order_number = models.CharField(_("order"), max_length=20, db_index=True)
    issued_at = models.DateTimeField(_("issued"))
    language = models.CharField(max_length=12, default="en")
    currency = models.CharField(_("currency"), max_length=3)

    seller = models.JSONField()  # Seller's fields as they were
    billed_to = models.JSONField()  # {"name", "lines": [address lines], "email", …}
    delivered_to = models.JSONField(default=dict)
    payment = models.CharField(_("payment"), max_length=200, blank=True)

    # Gross amounts in major units of `currency`; `taxes` splits the VAT by rate:
    # [{"rate": "19.00", "net": "8.40", "tax": "1.60", "gross": "10.00"}]
    subtotal = models.DecimalField(max_digits=14, decimal_places=3)
    discount = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    shipping = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    shipping_method = models.CharField(max_length=120, blank=True)
    taxes = models.JSONField(default=list)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=3)

    # Where the mail with the PDF goes, and the order page it links to.
    recipient = models.EmailField()
    order_url = models.URLField(max_length=300)

    file = models.FileField(storage=private_storage, upload_to="invoices/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    printed_at = models.DateTimeField(_("printed"), null=True)
    due_at = models.DateTimeField(null=True)  # when a worker may try (again) to print it
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        permissions = [("print_invoice", _("Can have an invoice printed after it failed"))]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="invoices_to_print",
                condition=models.Q(printed_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "sequence"], name="a_number_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["order_number"],
                condition=models.Q(kind="invoice"),
                name="one_invoice_per_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def filename(self) -> str:
        """What the PDF is called where somebody saves it: INV-2026-00001.pdf."""
        return f"{self.number}.pdf"


class InvoiceLine(models.Model):
    """One printed line. Amounts gross, in the invoice's currency."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=400)  # with its options
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=14, decimal_places=3)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2)
    total = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        ordering = ["position"]
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"
