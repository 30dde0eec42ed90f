"""The orders as modeladmin's menu item, addresses and list."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from mailing.records import RecordsAdmin

from ..models import Order
from . import actions, billing_actions, goods_actions, money_actions, unanswered_actions
from .columns import LIST, ListColumns
from .order_list import OrderList
from .order_page import OrderPage

MONEY_AND_GOODS = (
    ("refund", money_actions.refund, "refund"),
    ("refund-again", unanswered_actions.refund_again, "refund_again"),
    ("refund-decide", unanswered_actions.refund_decide, "refund_decide"),
    ("return-payment", money_actions.return_payment, "return_payment"),
    ("goods-back", goods_actions.goods_back, "goods_back"),
    ("reinstate", money_actions.reinstate, "reinstate"),
    ("review", money_actions.review, "review"),
    ("evidence", money_actions.evidence_pack, "evidence"),
)


class OrderAdmin(ListColumns, RecordsAdmin):
    """Orders are looked at, noted upon, sent and exported; never made, edited or deleted."""

    model = Order
    base_url_path = "orders"
    menu_label = _("Orders")
    menu_icon = "list-ul"
    menu_order = 150
    list_display = LIST
    index_view_class = OrderList
    index_template_name = "modeladmin/checkout/order/index.html"
    inspect_view_class = OrderPage

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """The list, an order's page, and what its buttons do."""
        base = self.base_url_path
        return (
            *super().get_admin_urls_for_registration(),
            path(f"{base}/note/<int:order_id>/", actions.add_note, name="orders_note"),
            path(f"{base}/pack/<int:order_id>/", actions.pack, name="orders_pack"),
            path(f"{base}/send/<int:order_id>/", actions.mark_as_sent, name="orders_send"),
            path(
                f"{base}/bill-again/<int:order_id>/",
                billing_actions.bill_again,
                name="orders_bill_again",
            ),
            *(
                path(f"{base}/{address}/<int:order_id>/", view, name=f"orders_{name}")
                for address, view, name in MONEY_AND_GOODS
            ),
        )
