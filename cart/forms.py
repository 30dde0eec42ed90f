"""What the cart's forms take."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from products.models.products import SKU_PATTERN

from . import codes
from .cart import MAX_PER_LINE


class QuantityField(forms.IntegerField):
    """A count in plain digits. `int()` alone would take "٣", " 1_0" and "1.0" too."""

    default_error_messages = {
        "invalid": _("Enter a quantity as a whole number."),
        "max_value": _("You can order %(limit_value)s of one product at most."),
    }

    def to_python(self, value: Any) -> int | None:
        text = str(value).strip() if value is not None else ""
        if text and not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


class SkuField(forms.RegexField):
    """A SKU as it could exist."""

    def __init__(self, **kwargs: Any) -> None:
        message = {"invalid": _("This product does not exist.")}
        super().__init__(rf"^{SKU_PATTERN}\Z", error_messages=message, **kwargs)


class AddForm(forms.Form):
    sku = SkuField()
    quantity = QuantityField(
        min_value=1,
        max_value=MAX_PER_LINE,
        error_messages={
            "max_value": _("You can order %(limit_value)s of one product at most."),
            "min_value": _("Enter a quantity of at least 1."),
            "required": _("Enter a quantity."),
        },
    )


class QuantityForm(AddForm):
    """As `AddForm`; 0 takes the line out."""

    quantity = QuantityField(min_value=0, max_value=MAX_PER_LINE)


class CodeField(forms.CharField):
    """A coupon code as it could exist, however it was copied or typed."""

    default_error_messages = {"invalid": _("A code is made of letters, digits and dashes.")}

    def clean(self, value: Any) -> str:
        if not value or not str(value).strip():
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            return codes.tidied(str(value))
        except codes.NotACode:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class CouponForm(forms.Form):
    code = CodeField(
        label=_("Coupon code"),
        error_messages={"required": _("Enter a code.")},
        widget=forms.TextInput(
            attrs={
                "class": "field__input",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "maxlength": codes.LONGEST_INPUT,
            }
        ),
    )
