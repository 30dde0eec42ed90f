"""Variants that were sold, without a word of the app that sells them."""

from typing import Any

from django.apps import apps
from django.db.models import Model

from products.models import Variant

SOMETHING = {"CharField": "x", "TextField": "x", "DateTimeField": "2026-01-01T00:00:00Z"}


def order_of(variant: Variant) -> None:
    """An order of it. What the order says does not matter here, only that it is there."""
    order = _bare(apps.get_model("checkout", "Order"))
    _bare(apps.get_model("checkout", "OrderLine"), order=order, variant=variant)


def _bare(model: type[Model], **given: Any) -> Model:
    """A row with something in every column that must not be empty."""
    needed = [
        field
        for field in model._meta.concrete_fields
        if not (field.null or field.has_default() or field.primary_key or field.name in given)
    ]
    filled = {
        field.name: _bare(field.related_model)
        if field.is_relation
        else SOMETHING.get(field.get_internal_type(), 1)
        for field in needed
    }
    return model.objects.create(**filled, **given)
