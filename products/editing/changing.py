"""The audited screen: the one place where people change and plan prices, and move stock."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from ..models import PlannedPrice, Price, PriceChange, Product, StockMovement, Variant
from ..money import rounded
from .price_forms import NewCurrencyForm, PlanForm, PriceForm, WithdrawForm
from .rights import may_change_price, may_change_price_or_stock, may_change_stock
from .stock_form import StockForm

LOG_LENGTH = 50


@require_http_methods(["GET", "POST"])
def prices_and_stock(request: HttpRequest, pk: int) -> HttpResponse:
    """One product's variants, each with its prices, its plans and its stock."""
    if not may_change_price_or_stock(request.user):
        raise PermissionDenied
    product = get_object_or_404(Product, pk=pk)
    variants = _variants(product)
    bound = []
    for variant in variants:
        _add_forms(request, variant)
        bound += [(form, variant) for form in _all_forms(variant) if form.is_bound]
    for form, variant in bound:
        if form.is_valid() and form.apply(variant, by=request.user, at=timezone.now()):
            messages.success(request, _("Saved: %(variant)s") % {"variant": variant})
            return redirect(request.path)
    if request.method == "POST" and not bound:
        messages.error(request, _("This has changed meanwhile. Nothing was saved; look again."))
    return TemplateResponse(
        request, "products/admin/prices_and_stock.html", _context(product, variants)
    )


def _variants(product: Product) -> list[Variant]:
    """With `price_rows` and `plans`: three queries, however many variants."""
    variants = list(Variant.objects.filter(product=product).select_related("stock").with_stock())
    prices = Price.objects.filter(variant__in=variants).order_by("currency")
    pending = PlannedPrice.objects.pending().filter(variant__in=variants)
    plans = pending.select_related("end", "planned_by")
    for variant in variants:
        own = [price for price in prices if price.variant_id == variant.pk]
        variant.price_rows = sorted(own, key=lambda price: price.currency != settings.SHOP_CURRENCY)
        variant.plans = [plan for plan in plans if plan.variant_id == variant.pk]
    return variants


def _add_forms(request: HttpRequest, variant: Variant) -> None:
    """`variant.forms` and the forms of its plans: those the user may send."""
    variant.forms = []
    if may_change_price(request.user):
        variant.forms += _price_forms(request, variant)
    if may_change_stock(request.user):
        variant.forms.append(_form(request, StockForm, f"stock-{variant.pk}"))
    for plan in variant.plans:
        plan.forms = list(_plan_forms(request, plan)) if may_change_price(request.user) else []


def _price_forms(request: HttpRequest, variant: Variant) -> Iterator[forms.Form]:
    """One for each currency that has a price, the shop's own first, and one for another."""
    prices = {settings.SHOP_CURRENCY: None} | {row.currency: row for row in variant.price_rows}
    for currency, price in prices.items():
        own = currency == settings.SHOP_CURRENCY
        yield _form(
            request,
            PriceForm,
            f"price-{variant.pk}" if own else f"price-{variant.pk}-{currency}",
            currency=currency,
            title=_("Change or plan the price in %(currency)s") % {"currency": currency},
            initial=_as_it_is(price) if price else {},
        )
    title = _("Add a price in another currency")
    yield _form(request, NewCurrencyForm, f"price-{variant.pk}-new", title=title)


def _plan_forms(request: HttpRequest, plan: PlannedPrice) -> Iterator[forms.Form]:
    yield _form(request, PlanForm, f"plan-{plan.pk}", plan=plan, title=_("Change this plan"))
    yield _form(request, WithdrawForm, f"withdraw-{plan.pk}", plan=plan)


def _form(request: HttpRequest, kind: type[Any], prefix: str, **options: Any) -> Any:
    """Bound is the one whose button was pressed."""
    pressed = request.POST.get("save") == prefix
    return kind(request.POST if pressed else None, prefix=prefix, **options)


def _all_forms(variant: Variant) -> list[Any]:
    return [*variant.forms, *(form for plan in variant.plans for form in plan.forms)]


def _as_it_is(price: Price) -> dict[str, Any]:
    now = {"amount": price.amount, "compare_at": price.compare_at}
    return {name: amount and rounded(amount, price.currency) for name, amount in now.items()}


def _context(product: Product, variants: list[Variant]) -> dict[str, Any]:
    changes = PriceChange.objects.filter(variant__product=product)
    movements = StockMovement.objects.filter(item__variant__product=product)
    return {
        "product": product,
        "variants": variants,
        "price_changes": changes.select_related("variant", "changed_by", "plan")[:LOG_LENGTH],
        "movements": movements.select_related("item__variant", "moved_by")[:LOG_LENGTH],
    }
