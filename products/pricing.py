"""Changing a price, and saying so in the log."""

from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from .models import Price, PriceChange, Variant


@transaction.atomic
def set_price(
    variant: Variant,
    amount: Decimal,
    *,
    currency: str,
    compare_at: Decimal | None = None,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Make `amount` (gross, major units) the price from now on. The same again writes nothing."""
    old = Price.objects.select_for_update().filter(variant=variant, currency=currency).first()
    if old and (old.amount, old.compare_at) == (amount, compare_at):
        return
    Price.objects.update_or_create(
        variant=variant, currency=currency, defaults={"amount": amount, "compare_at": compare_at}
    )
    PriceChange.objects.create(
        variant=variant,
        currency=currency,
        old_amount=old.amount if old else None,
        new_amount=amount,
        old_compare_at=old.compare_at if old else None,
        new_compare_at=compare_at,
        changed_by=by,
        reason=reason,
        changed_at=at,
    )
