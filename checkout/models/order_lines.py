"""What was ordered, line by line."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from products.models import TaxClass, Variant

from .orders import Order


class OrderLine(models.Model):
    """So many of one variant, in the words and at the price of the order's moment."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    # For stock only; everything a person reads is copied below.
    variant = models.ForeignKey(Variant, models.PROTECT, related_name="+")
    sku = models.CharField("SKU", max_length=40)
    name = models.CharField(_("name"), max_length=255)  # a page title
    options = models.CharField(_("options"), max_length=130, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    weight_grams = models.PositiveIntegerField(default=0)
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=3)
    discount = models.DecimalField(_("discount"), max_digits=14, decimal_places=3, default=0)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=3)
    tax_class = models.CharField(max_length=20, choices=TaxClass)
    tax_rate = models.DecimalField(_("VAT rate"), max_digits=5, decimal_places=2)
    # UNTDID 5305, as e-invoices name it: S standard, K intra-community, G export, …
    tax_category = models.CharField(max_length=2, default="S")
    # Contained in `total` less `discount`, or on top of it if prices are net.
    tax = models.DecimalField(_("VAT"), max_digits=14, decimal_places=3)

    class Meta:
        ordering = ["position"]
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "variant"], name="one_line_per_variant"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_line_sells_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.full_name}"

    @property
    def full_name(self) -> str:
        """Name and options as one: "Sencha, 100 g"."""
        return ", ".join(filter(None, (self.name, self.options)))
