"""Staff screens of records that nobody makes, edits or deletes. Invoices use them as well."""

from datetime import datetime
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils import timezone
from django.utils.formats import date_format
from wagtail_modeladmin.helpers import AdminURLHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InstanceSpecificView

LONGEST_SEARCH = 100
MOMENT = "j M Y, H:i"


def short_moment(at: datetime) -> str:
    """A moment in a cell of a list, in the time zone of who reads it: 14 Mar 2026, 10:26."""
    return date_format(timezone.localtime(at), MOMENT)


class RecordPermissions(PermissionHelper):
    """To see a record takes the permission to view it; any other one opens nothing.

    Nobody makes, edits or deletes one here, not even a superuser.
    """

    def user_can_list(self, user: User | AnonymousUser) -> bool:
        return user.has_perm(f"{self.opts.app_label}.{get_permission_codename('view', self.opts)}")

    def user_can_inspect_obj(self, user: User | AnonymousUser, obj: Model) -> bool:
        return self.user_can_list(user)

    def user_can_create(self, user: User | AnonymousUser) -> bool:
        return False

    def user_can_edit_obj(self, user: User | AnonymousUser, obj: Model) -> bool:
        return False

    def user_can_delete_obj(self, user: User | AnonymousUser, obj: Model) -> bool:
        return False


class RecordAddresses(AdminURLHelper):
    def _get_object_specific_action_url_pattern(self, action: str) -> str:
        # Digits only: modeladmin's own pattern lets words through, and they end in a 500.
        return rf"^{self.base_url_path}/{action}/(?P<instance_pk>[0-9]+)/$"


class Tabs(SimpleListFilter):
    """A filter as a row of links above the list. A value it does not offer filters nothing."""

    template = "modeladmin/mailing/tabs.html"

    def value(self) -> str | None:
        asked = super().value()
        return asked if asked in {str(value) for value, _label in self.lookup_choices} else None


class RecordList(IndexView):
    """modeladmin's list, without export and for the filters it offers alone."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.EXPORT_VAR in request.GET:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_filters_params(self, params: Any = None) -> dict[str, list[str]]:
        # modeladmin filters by any field named in the address, and answers 500 to one it lacks.
        asked = super().get_filters_params(params)
        return {name: asked[name] for name in self._filter_names() if name in asked}

    def filters_in_use(self) -> list[tuple[str, str]]:
        """What a new search keeps."""
        return [(name, self.params[name]) for name in self._filter_names() if name in self.params]

    def _filter_names(self) -> list[str]:
        return [tabs.parameter_name for tabs in self.list_filter]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> QuerySet[Model]:
        # Every word is a condition of its own, and a database takes only so many.
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])


class RecordPage(InstanceSpecificView):
    """modeladmin's inspect view, with a page of its own for each kind of record."""

    def check_action_permitted(self, user: User | AnonymousUser) -> bool:
        return self.permission_helper.user_can_inspect_obj(user, self.instance)

    def get_meta_title(self) -> str:
        return str(self.instance)

    def get_template_names(self) -> list[str]:
        return self.model_admin.get_inspect_template()


class RecordsAdmin(ModelAdmin):
    """The list of the records and a page for each."""

    inspect_view_enabled = True
    history_view_enabled = False  # its view checks no permission
    index_view_class = RecordList
    inspect_view_class = RecordPage
    permission_helper_class = RecordPermissions
    url_helper_class = RecordAddresses
    list_per_page = 50
    list_filter: tuple[type[Tabs], ...] = ()
    search_hint: Any = ""
    index_template_name = "modeladmin/mailing/records.html"
    # How the desk's style sheet lays a column out: as it does the order list's of this name.
    column_looks: dict[str, str] = {}

    def get_admin_urls_for_registration(self) -> tuple[URLPattern, ...]:
        """The list and a record's page; no create, edit or delete."""
        views = {"index": self.index_view, "inspect": self.inspect_view}
        return tuple(
            re_path(
                self.url_helper.get_action_url_pattern(action),
                view,
                name=self.url_helper.get_action_url_name(action),
            )
            for action, view in views.items()
        )

    def get_extra_attrs_for_field_col(self, obj: Model, field_name: str) -> dict[str, str]:
        return {"data-column": self.column_looks.get(field_name, field_name)}

    def register_admin_url_finders(self) -> None:
        """Nothing to find: no edit view."""

    def register_indexing(self) -> None:
        """Not in Wagtail's reference index: it would add queries to every sale."""
