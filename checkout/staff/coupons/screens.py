"""The coupons as modeladmin's menu item and list, the page of one, and its form."""

from typing import Any

from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, re_path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.views import CreateView, EditView

from cart.models import Coupon
from mailing.records import RecordPage, RecordPermissions, RecordsAdmin

from ...models import CouponRedemption
from ..permissions import EXPORT_CODES, MAKE_CODES, VIEW
from . import code_files, columns
from .forms import EDIT_HANDLER, MakeCodesForm

PER_PAGE = 50


class CouponPermissions(RecordPermissions):
    """As records are seen; but coupons are made and edited, and deleted until an order used one."""

    user_can_create = PermissionHelper.user_can_create
    user_can_edit_obj = PermissionHelper.user_can_edit_obj

    def user_can_delete_obj(self, user: User | AnonymousUser, obj: Any) -> bool:
        may = PermissionHelper.user_can_delete_obj(self, user, obj)
        return may and not CouponRedemption.objects.filter(coupon=obj).exists()


class CouponButtons(ButtonHelper):
    """A name in the list leads to the coupon's page; all else is done from there."""

    def get_buttons_for_obj(self, obj: Coupon, **kwargs: Any) -> list[dict[str, Any]]:
        return []

    def get_primary_button(self, obj: Coupon) -> dict[str, Any]:
        button: dict[str, Any] = self.inspect_button(obj.pk)
        return button


class AddCoupon(CreateView):
    instance: Coupon

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():  # the coupon and its code
            return super().form_valid(form)

    def get_success_url(self) -> str:
        # There codes are made, and how it is used is seen.
        return str(self.url_helper.get_action_url("inspect", self.instance.pk))


class EditCoupon(EditView):
    instance: Coupon

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            # Uses are claimed under this lock: while it is held, limits are compared with all.
            locked = Coupon.objects.select_for_update()
            self.instance = get_object_or_404(locked, pk=self.instance.pk)
            return super().post(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return str(self.url_helper.get_action_url("inspect", self.instance.pk))


class CouponPage(RecordPage):
    """One coupon: its terms, its codes, and who used it."""

    page_title = _("Coupon")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        coupon = Coupon.objects.with_state(timezone.now()).get(pk=self.instance.pk)
        uses = CouponRedemption.objects.filter(coupon=coupon).select_related("order", "code")
        paginator = Paginator(uses.order_by("-claimed_at", "-pk"), PER_PAGE)
        return super().get_context_data(
            coupon=coupon,
            pill=columns.state_pill(coupon),
            gives=columns.what_it_gives(coupon),
            use_count=columns.use_count(coupon),
            products=coupon.products.all(),
            categories=coupon.categories.all(),
            shared=coupon.codes.filter(is_single_use=False),
            single=_single(coupon),
            uses=paginator.get_page(self.request.GET.get("p")),
            may_open_orders=user.has_perm(VIEW),
            may_edit=self.permission_helper.user_can_edit_obj(user, coupon),
            may_delete=self.permission_helper.user_can_delete_obj(user, coupon),
            may_make=user.has_perm(MAKE_CODES),
            may_export=user.has_perm(EXPORT_CODES),
            codes_form=MakeCodesForm(),
            **kwargs,
        )


def _single(coupon: Coupon) -> dict[str, int]:
    """How many codes there are that work once, and how many of them have not been used."""
    once = coupon.codes.filter(is_single_use=True)
    return once.aggregate(count=Count("pk"), left=Count("pk", filter=Q(used=0)))


class CouponAdmin(columns.ListColumns, RecordsAdmin):
    """Coupons are made, edited and switched off; those that orders used are not deleted."""

    model = Coupon
    base_url_path = "coupons"
    menu_label = _("Coupons")
    menu_icon = "cut"
    menu_order = 155
    permission_helper_class = CouponPermissions
    button_helper_class = CouponButtons
    list_display = columns.LIST
    list_filter = columns.FILTERS
    column_looks = columns.LOOKS
    search_fields = columns.SEARCH
    search_hint = _("Name or code")
    create_view_class = AddCoupon
    edit_view_class = EditCoupon
    inspect_view_class = CouponPage

    def get_queryset(self, request: HttpRequest) -> QuerySet[Coupon]:
        return columns.for_list(Coupon.objects.all())

    def get_edit_handler(self) -> Any:
        return EDIT_HANDLER

    def get_permissions_for_registration(self) -> QuerySet[Permission]:
        """Those of the codes too, so that a group can be given them in the admin's settings."""
        return Permission.objects.filter(
            content_type__app_label="cart", content_type__model__in=["coupon", "couponcode"]
        )

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """The list, a coupon's page, its form, and what is done with its codes."""
        views = {
            "create": self.create_view,
            "edit": self.edit_view,
            "delete": self.delete_view,
        }
        base = f"{self.base_url_path}/codes/<int:coupon_id>"
        return (
            *super().get_admin_urls_for_registration(),
            *(
                re_path(
                    self.url_helper.get_action_url_pattern(action),
                    view,
                    name=self.url_helper.get_action_url_name(action),
                )
                for action, view in views.items()
            ),
            path(f"{base}/", code_files.make_codes, name="coupons_make_codes"),
            path(f"{base}/csv/", code_files.download_codes, name="coupons_download_codes"),
        )
