"""What sending costs, or where goods are picked up: tables that merchants fill in."""

from typing import Any

from django.conf import settings
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, IntegerField, Q, Value
from django.db.models.functions import Coalesce
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel

from products.money import rounded, smallest_unit

from .rate_rows import SAME_BAND, RatesPanel


def shop_currency() -> str:
    return str(settings.SHOP_CURRENCY)


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
    """A way to get the goods: what it is called, how long it takes, what it costs where.

    Whoever picks them up at the shop pays nothing for it. What sending bears of VAT follows the
    goods, so a method has no tax class.
    """

    class Kind(models.TextChoices):
        SEND = "send", _("Sent to the buyer")
        PICK_UP = "pick_up", _("Picked up by the buyer")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("how"), max_length=10, choices=Kind, default=Kind.SEND)
    description = models.CharField(_("delivery time"), max_length=120, blank=True)
    collect_at = models.TextField(
        _("where to pick up"),
        max_length=500,
        blank=True,
        help_text=_("Address and opening hours: shown with the order and in its mail."),
    )
    is_active = models.BooleanField(_("offered"), default=True)
    sort_order = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The lowest is offered first.")
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("description"),
        FieldPanel("collect_at"),
        FieldPanel("is_active"),
        FieldPanel("sort_order"),
        RatesPanel(
            "rates",
            heading=_("Rates"),
            label=_("Rate"),
            help_text=_("Where it is sent to, at which price. Without a rate it is sent nowhere."),
        ),
    ]

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name = _("shipping method")
        verbose_name_plural = _("shipping methods")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuses goods that are picked up nowhere."""
        if self.kind == self.Kind.PICK_UP and not self.collect_at.strip():
            raise ValidationError({"collect_at": _("Say where the goods are picked up.")})


class ShippingRateManager(models.Manager["ShippingRate"]):
    """Rates in the order they are judged in: the first that fits is the one meant."""

    def get_queryset(self) -> models.QuerySet["ShippingRate"]:
        # Dearest basket first, then the lightest parcel, those without a limit last. Not in Meta:
        # the admin sorts unsaved rates too, and can do that by plain field names only.
        by_weight = F("up_to_grams").asc(nulls_last=True)
        return super().get_queryset().order_by("-from_subtotal", by_weight, "pk")


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
        default=shop_currency,
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
            models.UniqueConstraint(
                "method",
                "zone",
                "currency",
                "from_subtotal",
                # To a unique index one missing limit is not the other; no parcel weighs this.
                Coalesce("up_to_grams", Value(-1), output_field=IntegerField()),
                name="one_shipping_rate_per_band",
                violation_error_message=SAME_BAND,
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="shipping_is_not_negative",
                violation_error_message=_("Sending cannot cost less than nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone}: {self.price} {self.currency}"

    def clean(self) -> None:
        """Refuses a price between two coins: nobody could pay it."""
        if self.price is None or not self.currency:
            return  # their own fields complain
        if rounded(self.price, self.currency) != self.price:
            message = _("The smallest amount in this currency is %(unit)s.")
            raise ValidationError({"price": message % {"unit": smallest_unit(self.currency)}})
