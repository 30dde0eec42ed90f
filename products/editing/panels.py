"""Panels of the page form and of the product's own screen."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import InlinePanel, Panel

from .rights import may_change_price_or_stock


class PriceAndStockPanel(Panel):
    """What the product costs and how many there are, to read. Works on products and their pages."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "products/admin/price_and_stock_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            # A page has a product; a product is one.
            product = getattr(self.instance, "product", self.instance)
            context = super().get_context_data(parent_context)
            if product and product.pk:
                context |= self._of(product)
            return context

        def _of(self, product: Any) -> dict[str, Any]:
            currency = settings.SHOP_CURRENCY
            variants = product.variants.get_live_queryset().select_related("stock")
            link = reverse("products:prices_and_stock", args=[product.pk])
            return {
                "variants": variants.with_any_price(currency).with_stock(),
                "currency": currency,
                "link": link if may_change_price_or_stock(self.request.user) else "",
            }


class VariantForm(WagtailAdminModelForm):
    """A variant on its product's screen. Its SKU is its identity: it is given once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["sku"].disabled = True


class VariantsPanel(InlinePanel):
    """The variants of a product, as rows that can be added, moved and removed."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = VariantForm
        return options
