"""The orders as modeladmin's menu item, addresses and list."""

from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import AdminURLHelper
from wagtail_modeladmin.options import ModelAdmin

from ..models import Order
from . import actions
from .columns import LIST, ListColumns
from .order_list import OrderList
from .order_page import OrderPage
from .permissions import OrderPermissions


class OrderAddresses(AdminURLHelper):
    def _get_object_specific_action_url_pattern(self, action: str) -> str:
        # Digits only: modeladmin's own pattern lets words through, and they end in a 500.
        return rf"^{self.base_url_path}/{action}/(?P<instance_pk>[0-9]+)/$"


class OrderAdmin(ListColumns, ModelAdmin):
    """Orders are looked at, noted upon, sent and exported; never made, edited or deleted."""

    model = Order
    base_url_path = "orders"
    menu_label = _("Orders")
    menu_icon = "list-ul"
    menu_order = 150
    list_display = LIST
    list_per_page = 50
    inspect_view_enabled = True
    # Its view checks no permission, and an order's history is its timeline.
    history_view_enabled = False
    index_view_class = OrderList
    inspect_view_class = OrderPage
    permission_helper_class = OrderPermissions
    url_helper_class = OrderAddresses

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """The list, an order's page and what its buttons do; no create, edit or delete."""
        urls, base = self.url_helper, self.base_url_path
        return (
            re_path(
                urls.get_action_url_pattern("index"),
                self.index_view,
                name=urls.get_action_url_name("index"),
            ),
            re_path(
                urls.get_action_url_pattern("inspect"),
                self.inspect_view,
                name=urls.get_action_url_name("inspect"),
            ),
            path(f"{base}/note/<int:order_id>/", actions.add_note, name="orders_note"),
            path(f"{base}/send/<int:order_id>/", actions.mark_as_sent, name="orders_send"),
            path(
                f"{base}/document/<int:order_id>/<int:invoice_id>/",
                actions.document,
                name="orders_document",
            ),
        )

    def register_admin_url_finders(self) -> None:
        """Nothing to find: no edit view."""

    def register_indexing(self) -> None:
        """Not in Wagtail's reference index: it would add queries to every sale."""

    def get_extra_attrs_for_field_col(self, obj: Order, field_name: str) -> dict[str, str]:
        return {"data-column": field_name}
