"""What is sold: a product and its variants. The SKU is the identity cart, order and export use."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from ..showing import shown
from .contents import ContentUnit
from .generations import begin_another

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

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        begin_another()  # pages print it

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted: tuple[int, dict[str, int]] = super().delete(*args, **kwargs)
        begin_another()
        return deleted


class VariantQuerySet(models.QuerySet["Variant"]):
    def sellable(self) -> "VariantQuerySet":
        """Active variants that a live, public page shows. Stock is another question."""
        from .pages import ProductPage

        pages = shown(ProductPage.objects.all())
        return self.filter(is_active=True, product__in=pages.values("product"))

    def with_price(self, currency: str) -> "VariantQuerySet":
        """As `with_any_price`; leaves out variants without a price."""
        return self.with_any_price(currency).filter(price__isnull=False)

    def with_any_price(self, currency: str) -> "VariantQuerySet":
        """Annotates `price`, `compare_at` and `lowest_before`: None where none has been set."""
        # A variant has one price in a currency at most, so this joins no row twice.
        holds = FilteredRelation("prices", condition=Q(prices__currency=currency))
        return self.annotate(price_row=holds).annotate(
            price=F("price_row__amount"),
            compare_at=F("price_row__compare_at"),
            lowest_before=F("price_row__lowest_before"),
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
    content = models.DecimalField(
        _("contents"),
        max_digits=9,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.001"))],
        help_text=_("How much is inside, if it is sold by measure: shoppers see the unit price."),
    )
    content_unit = models.CharField(
        _("unit of the contents"), max_length=5, choices=ContentUnit, blank=True
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
            models.CheckConstraint(
                # "Not null" is said aloud: what compares with null is neither true nor refused.
                condition=Q(content=None, content_unit="")
                | Q(content__isnull=False, content__gt=0) & ~Q(content_unit=""),
                name="contents_have_a_number_and_a_unit",
                violation_error_message=_("Contents need both a number and a unit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.label}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        begin_another()  # pages print it

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted: tuple[int, dict[str, int]] = super().delete(*args, **kwargs)
        begin_another()
        return deleted

    def clean(self) -> None:
        if self.content is not None and not self.content_unit:
            raise ValidationError({"content_unit": _("Choose what the contents are measured in.")})
        if self.content_unit and self.content is None:
            raise ValidationError(
                {"content": _("Enter how much is inside, or leave out the unit.")}
            )

    @property
    def label(self) -> str:
        """The options as a shopper reads them: "100 g, green". Empty for a single variant."""
        return label(self.first_value, self.second_value)


def label(first_value: str, second_value: str) -> str:
    """A variant's options as a shopper reads them: "100 g, green"."""
    return ", ".join(filter(None, (first_value, second_value)))
