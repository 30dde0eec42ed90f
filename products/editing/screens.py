"""Products in the admin's menu: the list, and the screen of one product with its variants."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic.edit import ModelFormMixin
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from ..finding import keeping
from ..models import Price, Product, StockItem, Variant
from ..money import formatted
from .changing import prices_and_stock
from .panels import PriceAndStockPanel, VariantsPanel
from .rights import may_change_price_or_stock


def _of_product(rows: QuerySet, product: str, value: Any) -> Subquery:
    """One number per product, out of another table."""
    rows = rows.filter(**{product: OuterRef("pk")}).order_by().values(product)
    return Subquery(rows.annotate(value=value).values("value"))


class ProductList(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Product]:
        prices = Price.objects.filter(currency=settings.SHOP_CURRENCY)
        free = Sum(F("on_hand") - F("reserved"))
        return Product.objects.annotate(
            sku_count=Coalesce(_of_product(Variant.objects.all(), "product", Count("pk")), 0),
            lowest_price=_of_product(prices, "variant__product", Min("amount")),
            highest_price=_of_product(prices, "variant__product", Max("amount")),
            available=Coalesce(_of_product(StockItem.objects.all(), "variant__product", free), 0),
        )

    def search_queryset(self, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if not self.search_query:
            return queryset
        by_sku = Variant.objects.filter(sku__icontains=self.search_query).values("product")
        return queryset.filter(Q(name__icontains=self.search_query) | Q(pk__in=by_sku))


class SavesVariants(ModelFormMixin):
    """Says in words what only the database can refuse."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except IntegrityError as error:
            self.produced_error_message = _refusal(error)
            return self.form_invalid(form)

    def save_instance(self) -> Product:
        product = super().save_instance()  # type: ignore[misc]  # of Wagtail's views
        keeping.refresh_products([product.pk])
        return product


class AddProduct(SavesVariants, generic.CreateView):
    pass


class EditProduct(SavesVariants, generic.EditView):
    pass


class DeleteProduct(generic.DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        if self.object.pages.exists():
            return self._refuse(
                _now("A page shows this product. Give that page another one first.")
            )
        try:
            return super().form_valid(form)
        except IntegrityError as error:
            return self._refuse(_refusal(error))

    def _refuse(self, why: str) -> HttpResponse:
        messages.error(self.request, why)
        return redirect(self.edit_url_name, self.object.pk)


def _refusal(error: IntegrityError) -> str:
    # Django's ProtectedError is an IntegrityError that names the rows in the way.
    if hasattr(error, "protected_objects"):
        return _now("What has been ordered cannot be deleted. Take it off sale instead.")
    return _now(
        "Two variants cannot have the same SKU or options. "
        "To let two change places, give one of them another value and save first."
    )


class PriceColumn(TitleColumn):
    """The range of a product's prices; leads to where they are changed whoever may do so."""

    def get_value(self, instance: Product) -> str:
        prices = sorted({instance.lowest_price, instance.highest_price} - {None})
        in_words = [formatted(price, settings.SHOP_CURRENCY) for price in prices]
        return " – ".join(in_words) or _now("no price yet")

    def get_link_url(self, instance: Product, parent_context: dict[str, Any]) -> str | None:
        if not may_change_price_or_stock(parent_context["request"].user):
            return None
        return reverse("products:prices_and_stock", args=[instance.pk])


class ProductViewSet(ModelViewSet):
    model = Product
    name = "products"
    icon = "tag"
    menu_label = _("Products")
    menu_order = 150
    add_to_admin_menu = True
    copy_view_enabled = False
    # The database's own search: it knows SKUs, and a lone quotation mark does not upset it.
    search_fields = ["name"]
    search_backend_name = None
    list_display = [
        "name",
        Column("sku_count", label=_("SKUs"), sort_key="sku_count"),
        PriceColumn("prices", label=_("Price"), sort_key="lowest_price"),
        Column("available", label=_("Available"), sort_key="available"),
    ]
    index_view_class = ProductList
    add_view_class = AddProduct
    edit_view_class = EditProduct
    delete_view_class = DeleteProduct
    panels = [
        FieldPanel("name"),
        FieldPanel("maker"),
        FieldPanel("tax_class"),
        FieldPanel("first_option"),
        FieldPanel("second_option"),
        PriceAndStockPanel(heading=_("Price and stock")),
        VariantsPanel("variants", heading=_("Variants"), label=_("Variant")),
    ]

    def get_urlpatterns(self) -> list[Any]:
        screen = path("prices-and-stock/<int:pk>/", prices_and_stock, name="prices_and_stock")
        return [*super().get_urlpatterns(), screen]


product_screens = ProductViewSet()
