"""Numbered documents: copies of what was sold, in the words that were printed."""

from datetime import datetime

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def private_storage() -> Storage:
    """Files that no public address reaches."""
    return storages["private"]


class TaxCategory(models.TextChoices):
    """Why a rate holds, in the letters of UNTDID 5305 that e-invoices use."""

    STANDARD = "S", _("Taxed")
    ZERO = "Z", _("Zero rated")
    REVERSE_CHARGE = "AE", _("Reverse charge")
    INTRA_COMMUNITY = "K", _("Intra-community supply")
    EXPORT = "G", _("Export")
    EXEMPT = "E", _("Exempt")
    NOT_SUBJECT = "O", _("Not subject to VAT")


class Invoice(models.Model):
    """A document of the books. Printed by a worker; what it says never changes.

    Amounts are positive whatever the kind says of their direction: what was billed, given back,
    or undone. They are in major units of `currency`; goods, discount and shipping are gross while
    `prices_include_tax`, else net. `total` is gross.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")
        CANCELLATION = "cancellation", _("Cancellation")
        DELIVERY_NOTE = "delivery_note", _("Delivery note")

    CORRECTIONS = (Kind.CREDIT_NOTE, Kind.CANCELLATION)

    # What caused it: order:7K3Q-9XMF, refund:12. The same cause never makes a second document.
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.INVOICE)
    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(_("number"), max_length=40, unique=True)  # INV-2026-00001
    order_number = models.CharField(_("order"), max_length=20, db_index=True)
    issued_at = models.DateTimeField(_("issued"))
    ordered_at = models.DateTimeField(_("ordered"), null=True)
    paid_at = models.DateTimeField(_("paid"), null=True)
    language = models.CharField(max_length=12, default="en")
    currency = models.CharField(_("currency"), max_length=3)

    # What a credit note or a cancellation takes back, and why.
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", verbose_name=_("corrects")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)  # by one of its corrections

    seller = models.JSONField()  # Seller's fields as they were
    # {"name", "company", "street", …, "country", "lines": [as printed], "email", "vat_id"}
    billed_to = models.JSONField()
    delivered_to = models.JSONField(default=dict)
    payment = models.CharField(_("payment"), max_length=200, blank=True)

    prices_include_tax = models.BooleanField(default=True)
    subtotal = models.DecimalField(max_digits=14, decimal_places=3)
    discount = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    discount_label = models.CharField(max_length=100, blank=True)  # the coupon's code
    shipping = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    shipping_method = models.CharField(max_length=120, blank=True)
    # The VAT by rate, and what of it is shipping's:
    # [{"rate": "19.00", "net": "8.40", "tax": "1.60", "gross": "10.00", "category": "S"}]
    taxes = models.JSONField(default=list)
    shipping_taxes = models.JSONField(default=list)
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
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("print_invoice", _("Can have an invoice printed after it failed"))]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="invoices_to_print",
                condition=Q(printed_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "sequence"], name="a_number_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["order_number"],
                condition=Q(kind="invoice", cancelled_at=None),
                name="one_invoice_per_order",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=Q(kind="cancellation"),
                name="a_document_is_cancelled_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["credit_note", "cancellation"], corrects__isnull=False)
                | Q(kind__in=["invoice", "delivery_note"], corrects=None),
                name="a_correction_names_what_it_corrects",
            ),
            models.CheckConstraint(
                condition=Q(subtotal__gte=0, discount__gte=0, shipping__gte=0, total__gte=0),
                name="a_document_has_no_negative_amounts",
            ),
            models.CheckConstraint(
                condition=Q(printed_at=None) | (~Q(file="") & ~Q(sha256="")),
                name="a_printed_document_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def filename(self) -> str:
        """What the PDF is called where somebody saves it: INV-2026-00001.pdf."""
        return f"{self.number}.pdf"

    @property
    def sold_at(self) -> datetime:
        """When the sale was made. What takes the place of another invoice is written later."""
        return self.paid_at or self.issued_at

    @property
    def gives_back(self) -> bool:
        """Is its total the buyer's: a credit note, or an invoice undone?"""
        if self.kind == self.Kind.CANCELLATION and self.corrects:
            return not self.corrects.gives_back
        return self.kind == self.Kind.CREDIT_NOTE


class InvoiceLine(models.Model):
    """One printed line. Amounts gross or net as the invoice's prices, in its currency.

    `total` is quantity × unit price before `discount`; `tax` is the VAT of what then remains.
    """

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=400)  # with its options
    quantity = models.PositiveIntegerField()
    unit_price = models.DecimalField(max_digits=14, decimal_places=3)
    discount = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    tax_category = models.CharField(max_length=2, choices=TaxCategory, default=TaxCategory.STANDARD)
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2)
    tax = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    total = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        ordering = ["position"]
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        constraints = [
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=models.F("total")),
                name="a_line_is_discounted_to_nothing_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"
