"""The tables a merchant fills in: ways to send, zones and VAT rates."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from wagtail.admin import messages
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from ..models import ShippingMethod, ShippingZone, TaxRate
from ..tax import taxation


class DeleteUnused(DeleteView):
    """Says what is in the way where Wagtail's own view answers 500."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _("A shipping rate still uses it: change that first."))
            return redirect(self.index_url_name)


class TaxTable(IndexView):
    """Says above the rates when the shop cannot sell by them."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        home = settings.SHOP_COUNTRY
        is_rated = taxation.has_standard_rate(home, at=timezone.now())
        lacking = "" if is_rated else countries.name(home)
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {"lacking": lacking}


class ShopTable(ModelViewSet):
    copy_view_enabled = False
    # Nothing on a page points at these.
    add_to_reference_index = False


class ShippingMethods(ShopTable):
    model = ShippingMethod
    icon = "mail"
    list_display = ["name", "description", "is_active"]


class ShippingZones(ShopTable):
    model = ShippingZone
    delete_view_class = DeleteUnused
    icon = "globe"
    list_display = ["name", "country_names"]


class TaxRates(ShopTable):
    model = TaxRate
    index_view_class = TaxTable
    index_template_name = "checkout/admin/tax_rates.html"
    icon = "table"
    list_display = ["country", "tax_class", "rate", "valid_from"]
    list_filter = ["country", "tax_class"]


class ShopTables(ModelViewSetGroup):
    """One menu for all of them; whoever may change none of them does not see it."""

    menu_label = _("Shop settings")
    menu_icon = "cogs"
    menu_order = 180
    items: tuple[Any, ...] = (ShippingMethods, ShippingZones, TaxRates)
