"""The tables a merchant fills in: ways to send, zones and VAT rates."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from ..models import ShippingMethod, ShippingZone, TaxRate


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
    icon = "globe"
    list_display = ["name", "country_names"]


class TaxRates(ShopTable):
    model = TaxRate
    icon = "table"
    list_display = ["country", "tax_class", "rate", "valid_from"]
    list_filter = ["country", "tax_class"]


class ShopTables(ModelViewSetGroup):
    """One menu for all of them; whoever may change none of them does not see it."""

    menu_label = _("Shop settings")
    menu_icon = "cogs"
    menu_order = 170
    items: tuple[Any, ...] = (ShippingMethods, ShippingZones, TaxRates)
