"""The staff's screens in the Wagtail admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from .staff.coupons.screens import CouponAdmin
from .staff.orders_admin import OrderAdmin
from .staff.shop_tables import ShopTables

modeladmin_register(OrderAdmin)
modeladmin_register(CouponAdmin)


@hooks.register("register_admin_viewset")
def shop_tables() -> ShopTables:
    return ShopTables()


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))
