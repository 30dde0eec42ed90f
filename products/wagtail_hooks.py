"""What the catalogue adds to the admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .editing import search_desk
from .editing.checks import add_shop_checks
from .editing.choosing import product_chooser
from .editing.pages import category_pages, product_pages
from .editing.screens import product_screens
from .health import report
from .models import Product, SearchOutcome

# Before the view sets: the chooser asks the registry whether somebody may create a product.
register_permission_policy(Product, ModelPermissionPolicy(Product))
register_permission_policy(SearchOutcome, ModelPermissionPolicy(SearchOutcome))


@hooks.register("register_admin_viewset")
def register_product_chooser() -> object:
    return product_chooser


@hooks.register("register_admin_viewset")
def register_product_screens() -> object:
    return product_screens


@hooks.register("register_admin_viewset")
def register_pages_in_the_explorer() -> list[object]:
    return [category_pages, product_pages]


@hooks.register("register_admin_urls")
def content_health_urls() -> list[URLPattern]:
    view = report.ContentHealth
    return [
        path("reports/content-health/", view.as_view(), name="content_health"),
        path(
            "reports/content-health/results/",
            view.as_view(results_only=True),
            name="content_health_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def content_health_menu_item() -> MenuItem:
    return report.menu_item()


@hooks.register("register_admin_viewset")
def register_search_desk() -> object:
    return search_desk.search_desk


@hooks.register("register_admin_urls")
def searched_terms_urls() -> list[URLPattern]:
    return search_desk.urls()


@hooks.register("register_reports_menu_item")
def searched_terms_menu_item() -> MenuItem:
    return search_desk.menu_item()


@hooks.register("register_permissions")
def register_price_and_stock_permissions() -> QuerySet[Permission]:
    """So that a group can be given them in the admin's settings."""
    return Permission.objects.filter(
        content_type__app_label="products",
        codename__in=["change_price", "change_stockitem", "view_searchoutcome"],
    )


@hooks.register("construct_wagtail_userbar")
def check_goods(request: HttpRequest, items: list[Any], page: Any) -> None:
    add_shop_checks(items)


@hooks.register("insert_editor_js")
def failed_checks_are_made_again() -> SafeString:
    return format_html('<script src="{}"></script>', static("js/checks-again.js"))


@hooks.register("insert_global_admin_css")
def goods_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/goods.css"))
