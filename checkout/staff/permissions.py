"""Who may do what at the staff's desk."""

from django.contrib.auth.models import AbstractBaseUser
from wagtail_modeladmin.helpers import PermissionHelper

from ..models import Order

VIEW = "checkout.view_order"
CHANGE = "checkout.change_order"
EXPORT = "checkout.export_order"
VIEW_INVOICE = "invoices.view_invoice"


class OrderPermissions(PermissionHelper):
    """To see an order takes the permission to view orders; any other one opens nothing.

    Nobody makes, edits or deletes an order here, not even a superuser: an order is a record.
    """

    def user_can_list(self, user: AbstractBaseUser) -> bool:
        return user.has_perm(VIEW)

    def user_can_inspect_obj(self, user: AbstractBaseUser, obj: Order) -> bool:
        return user.has_perm(VIEW)

    def user_can_create(self, user: AbstractBaseUser) -> bool:
        return False

    def user_can_edit_obj(self, user: AbstractBaseUser, obj: Order) -> bool:
        return False

    def user_can_delete_obj(self, user: AbstractBaseUser, obj: Order) -> bool:
        return False
