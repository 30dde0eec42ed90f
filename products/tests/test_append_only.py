"""Logs and ledgers: what is written stays as it was written."""

from decimal import Decimal

import pytest
from django.db import transaction

from products import pricing
from products.models import PriceChange, StockMovement, Variant, WrittenForGood

from .factories import make_variant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("log", "field"), [(PriceChange, "new_amount"), (StockMovement, "on_hand_change")]
)
def test_a_row_of_a_log_can_neither_be_changed_nor_deleted(log, field):
    variant = make_variant("TEA-100", price="12.50", stock=7)
    row = log.objects.get()
    before = log.objects.values().get()
    setattr(row, field, 1)
    rows = variant.price_changes if log is PriceChange else variant.stock.movements

    for attempt in (
        row.save,
        row.delete,
        log.objects.all().delete,
        rows.all().delete,
        lambda: log.objects.update(**{field: 1}),
        lambda: log.objects.bulk_update([row], [field]),
        lambda: log.objects.update_or_create(pk=row.pk, defaults={field: 1}),
    ):
        with pytest.raises(WrittenForGood), transaction.atomic():
            attempt()

    assert log.objects.values().get() == before


def test_the_log_goes_with_a_variant_that_nobody_ever_ordered():
    make_variant("TEA-100", price="12.50")

    Variant.objects.get().delete()

    assert not PriceChange.objects.exists()
    assert not StockMovement.objects.exists()


def test_a_deleted_account_leaves_what_it_did(django_user_model):
    variant = make_variant("TEA-100", price="12.50")
    user = django_user_model.objects.create_user("gone")
    pricing.set_price(
        variant, Decimal(9), currency="EUR", by=user, at=variant.price_changes.get().changed_at
    )

    user.delete()

    assert PriceChange.objects.first().new_amount == 9
