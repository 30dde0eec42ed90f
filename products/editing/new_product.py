"""A product made in one go: its variants, what they cost and how many there are."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .. import pricing, stocking
from ..models import Product, StockMovement, Variant
from .fields import MOST_PIECES, price_field

MOST_VARIANTS = 20


class NewVariant(forms.ModelForm):
    """One row: a variant with its price and opening stock."""

    price = price_field(label=_("price"))
    opening_stock = forms.IntegerField(
        label=_("in stock"), min_value=0, max_value=MOST_PIECES, initial=0
    )
    field_order = [
        "sku",
        "first_value",
        "second_value",
        "price",
        "content",
        "content_unit",
        "weight_grams",
        "opening_stock",
    ]

    class Meta:
        model = Variant
        fields = [
            "sku",
            "first_value",
            "second_value",
            "content",
            "content_unit",
            "weight_grams",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # The rows are a table; its headings are not labels to a screen reader.
            field.widget.attrs["aria-label"] = field.label

    def save_for(self, product: Product, *, position: int, by: User, at: datetime) -> None:
        variant = self.save(commit=False)
        variant.product = product
        variant.sort_order = position
        variant.save()
        pricing.set_price(
            variant,
            self.cleaned_data["price"],
            currency=settings.SHOP_CURRENCY,
            by=by,
            at=at,
            reason=gettext("New product"),
        )
        stocking.adjust(
            variant.pk,
            self.cleaned_data["opening_stock"],
            reason=StockMovement.Reason.OPENING,
            by=by,
            at=at,
        )


class BaseNewVariants(forms.BaseInlineFormSet):
    def clean(self) -> None:
        # Django compares neither: the product that the constraints name is not saved yet.
        self._refuse_doubles(["sku"], gettext("Another row has the same SKU."))
        self._refuse_doubles(
            ["first_value", "second_value"], gettext("Another row has the same options.")
        )

    def filled(self) -> Iterator[Any]:
        """The rows that somebody has written in; the others do not count."""
        return (row for row in self.forms if row.has_changed())

    def _refuse_doubles(self, fields: list[str], message: str) -> None:
        seen = set()
        for row in self.filled():
            value = tuple(row.cleaned_data.get(field) for field in fields)
            if value in seen:
                row.add_error(fields[0], message)
            seen.add(value)


NewVariants = forms.inlineformset_factory(
    Product,
    Variant,
    form=NewVariant,
    formset=BaseNewVariants,
    extra=5,
    min_num=1,
    validate_min=True,
    max_num=MOST_VARIANTS,
    absolute_max=MOST_VARIANTS,
    validate_max=True,
    can_delete=False,
)


class NewProduct(forms.ModelForm):
    """The dialog in which an editor makes a product without leaving the page."""

    class Meta:
        model = Product
        fields = ["name", "maker", "tax_class", "first_option", "second_option"]

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.variants: Any = NewVariants(data, prefix="variants", instance=self.instance)

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.variants.is_valid()])

    @transaction.atomic
    def create(self, *, by: User, at: datetime) -> Product:
        """Write product, variants, prices, stock and both logs, or nothing at all.

        Raises IntegrityError if somebody takes one of the SKUs at the same moment.
        """
        product = self.save()
        for position, row in enumerate(self.variants.filled()):
            row.save_for(product, position=position, by=by, at=at)
        return product

    def refuse(self, message: str) -> None:
        """Show `message` above the fields: what only the database could know."""
        self.add_error(None, ValidationError(message))
