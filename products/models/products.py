"""What is sold: a product and its variants. The SKU is the identity cart, order and export use."""

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from ..showing import shown

SKU_PATTERN = r"[A-Z0-9][A-Z0-9._-]{0,39}"


class TaxClass(models.TextChoices):
    """Which of a country's VAT rates applies; the rates themselves are checkout's."""

    STANDARD = "standard", _("Standard rate")
    REDUCED = "reduced", _("Reduced rate")
    SUPER_REDUCED = "super_reduced", _("Super-reduced rate")
    ZERO = "zero", _("Zero rate")


class Product(ClusterableModel):
    """One thing the shop sells, whatever its pages say about it."""

    name = models.CharField(_("name"), max_length=120, help_text=_("As staff call it."))
    maker = models.CharField(_("maker or brand"), max_length=120, blank=True)
    tax_class = models.CharField(
        _("tax class"), max_length=20, choices=TaxClass, default=TaxClass.STANDARD
    )
    first_option = models.CharField(
        _("first option"), max_length=40, blank=True, help_text=_("What variants differ in: Size.")
    )
    second_option = models.CharField(
        _("second option"), max_length=40, blank=True, help_text=_("If they differ twice: Colour.")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name


class VariantQuerySet(models.QuerySet["Variant"]):
    def sellable(self) -> "VariantQuerySet":
        """Active variants that a live, public page shows. Stock is another question."""
        from .pages import ProductPage

        pages = shown(ProductPage.objects.all())
        return self.filter(is_active=True, product__in=pages.values("product"))

    def with_price(self, currency: str) -> "VariantQuerySet":
        """Annotates `price` and `compare_at` in `currency`; leaves out variants without a price."""
        return self.with_any_price(currency).filter(price__isnull=False)

    def with_any_price(self, currency: str) -> "VariantQuerySet":
        """Annotates `price` and `compare_at` in `currency`: None where nobody has set one yet."""
        from .prices import Price

        prices = Price.objects.filter(variant=OuterRef("pk"), currency=currency)
        return self.annotate(
            price=Subquery(prices.values("amount")),
            compare_at=Subquery(prices.values("compare_at")),
        )

    def with_stock(self) -> "VariantQuerySet":
        """Annotates `available`: on the shelf and not promised to anybody."""
        return self.annotate(available=Coalesce(F("stock__on_hand") - F("stock__reserved"), 0))


class Variant(Orderable):
    """What a shopper puts in the cart. Never deleted once sold: switched off instead."""

    product = ParentalKey(Product, related_name="variants", verbose_name=_("product"))
    sku = models.CharField(
        _("SKU"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                rf"^{SKU_PATTERN}\Z",
                _("Capital letters, digits, dots, dashes and underscores; 40 at most."),
            )
        ],
    )
    first_value = models.CharField(_("first option's value"), max_length=60, blank=True)
    second_value = models.CharField(_("second option's value"), max_length=60, blank=True)
    weight_grams = models.PositiveIntegerField(
        _("weight in grams"), default=0, validators=[MaxValueValidator(1_000_000)]
    )
    gtin = models.CharField(_("GTIN (EAN, UPC)"), max_length=14, blank=True)
    image = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("own picture"),
    )
    is_active = models.BooleanField(_("for sale"), default=True)

    objects = VariantQuerySet.as_manager()

    class Meta(Orderable.Meta):
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "first_value", "second_value"],
                name="one_variant_per_choice_of_options",
                violation_error_message=_("Two variants have the same options."),
            ),
            models.CheckConstraint(condition=~Q(sku=""), name="a_variant_has_a_sku"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.label}".strip()

    @property
    def label(self) -> str:
        """The options as a shopper reads them: "100 g, green". Empty for a single variant."""
        return ", ".join(filter(None, (self.first_value, self.second_value)))
