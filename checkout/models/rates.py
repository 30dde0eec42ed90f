"""Tables that merchants fill in: what sending costs, and which VAT holds where."""

from typing import Any

from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel

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


class ShippingZone(models.Model):
    """Countries that cost the same to send to. A country lies in one zone at most."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    countries: "models.Field[Any, Any]" = CountryField(_("countries"), multiple=True)

    panels = [FieldPanel("name"), FieldPanel("countries", widget=CheckboxSelectMultiple)]

    class Meta:
        ordering = ["name"]
        verbose_name = _("shipping zone")
        verbose_name_plural = _("shipping zones")

    def __str__(self) -> str:
        return self.name

    @display(description=_("countries"))
    def country_names(self) -> str:
        """The countries as a sentence for the list of zones."""
        return ", ".join(str(country.name) for country in self.countries)

    def clean(self) -> None:
        """Refuses a country that another zone has: a parcel must have one price, not two."""
        mine = {country.code for country in self.countries}
        for zone in ShippingZone.objects.exclude(pk=self.pk):
            if taken := [country.name for country in zone.countries if country.code in mine]:
                message = _("Already in the zone %(zone)s: %(countries)s.")
                names = {"zone": zone.name, "countries": ", ".join(map(str, taken))}
                raise ValidationError({"countries": message % names})


class ShippingMethod(ClusterableModel):
    """A way to send: what it is called, how long it takes, what it costs where."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("delivery time"), max_length=120, blank=True)
    tax_class = models.CharField(
        _("tax class"), max_length=20, choices=TaxClass, default=TaxClass.STANDARD
    )
    is_active = models.BooleanField(_("offered"), default=True)
    sort_order = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The lowest is offered first.")
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        FieldPanel("tax_class"),
        FieldPanel("is_active"),
        FieldPanel("sort_order"),
        InlinePanel("rates", heading=_("Rates"), label=_("Rate"), min_num=1),
    ]

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name = _("shipping method")
        verbose_name_plural = _("shipping methods")

    def __str__(self) -> str:
        return self.name


class ShippingRateManager(models.Manager["ShippingRate"]):
    """Rates in the order they are judged in: the first that fits is the one meant."""

    def get_queryset(self) -> models.QuerySet["ShippingRate"]:
        # Dearest basket first, then the lightest parcel, those without a limit last. Not in Meta:
        # the admin sorts unsaved rates too, and can do that by plain field names only.
        by_weight = F("up_to_grams").asc(nulls_last=True)
        return super().get_queryset().order_by("-from_subtotal", by_weight)


class ShippingRate(models.Model):
    """What a method costs in a zone, for one band of weight and of basket value.

    The first band that holds the parcel applies; a value band from 60 with price 0 is
    "free over 60".
    """

    method = ParentalKey(ShippingMethod, related_name="rates")
    zone = models.ForeignKey(
        ShippingZone, models.PROTECT, related_name="rates", verbose_name=_("shipping zone")
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, such as EUR."))],
    )
    up_to_grams = models.PositiveIntegerField(
        _("up to grams"), null=True, blank=True, help_text=_("Empty: any weight.")
    )
    from_subtotal = models.DecimalField(
        _("from a basket of"), max_digits=12, decimal_places=3, default=0
    )
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=3)

    objects = ShippingRateManager()

    panels = [
        FieldPanel(name) for name in ("zone", "currency", "up_to_grams", "from_subtotal", "price")
    ]

    class Meta:
        ordering = ["-from_subtotal", "up_to_grams"]
        verbose_name = _("shipping rate")
        verbose_name_plural = _("shipping rates")
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="shipping_is_not_negative",
                violation_error_message=_("Sending cannot cost less than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone}: {self.price} {self.currency}"
