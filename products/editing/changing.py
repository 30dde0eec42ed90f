"""The audited screen: the one place where people change prices and stock."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from .. import pricing, stocking
from ..models import PriceChange, Product, StockMovement, Variant
from ..money import rounded
from .fields import MOST_PIECES, price_field
from .rights import may_change_price, may_change_price_or_stock, may_change_stock

Reason = StockMovement.Reason
# The other reasons are an order's own.
BY_HAND = (Reason.RECEIVED, Reason.COUNTED, Reason.DAMAGED)
LOG_LENGTH = 50


class PriceForm(forms.Form):
    """A new price of one variant."""

    amount = price_field(label=_("New price"))
    compare_at = price_field(
        label=_("Price before the reduction"),
        required=False,
        help_text=_("Shown crossed out. Leave it empty if the price is not reduced."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def clean(self) -> None:
        amount, before = self.cleaned_data.get("amount"), self.cleaned_data.get("compare_at")
        if amount is not None and before is not None and before <= amount:
            self.add_error("compare_at", _("This must be higher than the new price."))

    def apply(self, variant: Variant, *, by: User, at: datetime) -> bool:
        pricing.set_price(
            variant, currency=settings.SHOP_CURRENCY, by=by, at=at, **self.cleaned_data
        )
        return True


class StockForm(forms.Form):
    """Goods of one variant that came, went, or were counted."""

    reason = forms.ChoiceField(
        label=_("What happened"),
        choices=[(reason, reason.label) for reason in BY_HAND],
    )
    change = forms.IntegerField(
        label=_("Change"),
        min_value=-MOST_PIECES,
        max_value=MOST_PIECES,
        help_text=_("How many more there are now; fewer with a minus."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean(self) -> None:
        reason, change = self.cleaned_data.get("reason"), self.cleaned_data.get("change")
        if change == 0:
            self.add_error("change", _("Nothing changes by 0."))
        elif change and reason == Reason.RECEIVED and change < 0:
            self.add_error("change", _("Goods received are more, not fewer."))
        elif change and reason == Reason.DAMAGED and change > 0:
            self.add_error("change", _("Damaged or lost goods are fewer: write a minus."))

    def apply(self, variant: Variant, *, by: User, at: datetime) -> bool:
        """False, and an error on the form, if promised goods would be taken away."""
        try:
            stocking.adjust(variant.pk, by=by, at=at, **self.cleaned_data)
        except stocking.NotEnough:
            self.add_error(
                "change",
                _("Fewer than that are free: the rest is promised to orders."),
            )
            return False
        return True


@require_http_methods(["GET", "POST"])
def prices_and_stock(request: HttpRequest, pk: int) -> HttpResponse:
    """One product's variants, each with a form for its price and one for its stock."""
    if not may_change_price_or_stock(request.user):
        raise PermissionDenied
    product = get_object_or_404(Product, pk=pk)
    variants = _variants(product)
    for variant in variants:
        variant.forms = list(_forms(request, variant))
        for form in variant.forms:
            if form.is_bound and form.is_valid() and _apply(request, form, variant):
                return redirect(request.path)
    return TemplateResponse(
        request, "products/admin/prices_and_stock.html", _context(product, variants)
    )


def _variants(product: Product) -> list[Variant]:
    variants = Variant.objects.filter(product=product).select_related("stock")
    return list(variants.with_any_price(settings.SHOP_CURRENCY).with_stock())


def _forms(request: HttpRequest, variant: Variant) -> Iterator[forms.Form]:
    """Those the user may send; bound is the one whose button was pressed."""
    if may_change_price(request.user):
        yield _form(request, PriceForm, f"price-{variant.pk}", _price_now(variant))
    if may_change_stock(request.user):
        yield _form(request, StockForm, f"stock-{variant.pk}", {})


def _form(
    request: HttpRequest, kind: type[forms.Form], prefix: str, initial: dict[str, Any]
) -> forms.Form:
    pressed = request.POST.get("save") == prefix
    return kind(request.POST if pressed else None, prefix=prefix, initial=initial)


def _price_now(variant: Variant) -> dict[str, Any]:
    now = {"amount": variant.price, "compare_at": variant.compare_at}
    currency = settings.SHOP_CURRENCY
    return {name: amount and rounded(amount, currency) for name, amount in now.items()}


def _apply(request: HttpRequest, form: Any, variant: Variant) -> bool:
    done = form.apply(variant, by=request.user, at=timezone.now())
    if done:
        messages.success(request, _now("Saved: %(variant)s") % {"variant": variant})
    return done


def _context(product: Product, variants: list[Variant]) -> dict[str, Any]:
    changes = PriceChange.objects.filter(variant__product=product)
    movements = StockMovement.objects.filter(item__variant__product=product)
    return {
        "product": product,
        "variants": variants,
        "currency": settings.SHOP_CURRENCY,
        "price_changes": changes.select_related("variant", "changed_by")[:LOG_LENGTH],
        "movements": movements.select_related("item__variant", "moved_by")[:LOG_LENGTH],
    }
