"""The list of orders: what needs somebody today, filters, search, export of what is shown."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail_modeladmin.views import IndexView

from ..models import Order
from . import export
from .columns import for_list
from .filtering import OrderFilter, search
from .permissions import EXPORT

Status, Hold = Order.Status, Order.Hold


class OrderList(IndexView):
    """modeladmin's list with our own filters.

    Its own ones filter by any field named in the address, secret tokens too, and answer 500 to
    one that does not exist.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.EXPORT_VAR in request.GET and not request.user.has_perm(EXPORT):
            return HttpResponseForbidden(_("You may not export orders."), content_type="text/plain")
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest | None = None) -> QuerySet[Order]:
        request = request or self.request
        self.filter = OrderFilter(request.GET)
        orders = search(self.filter.apply(self.get_base_queryset(request)), self.query)
        return orders.order_by(*self.get_ordering(request, orders))

    def as_spreadsheet(
        self, queryset: QuerySet[Order], spreadsheet_format: str
    ) -> StreamingHttpResponse:
        days = self.filter.cleaned_data
        name = export.file_name(
            days.get("placed_from"), days.get("placed_to"), today=timezone.localdate()
        )
        if spreadsheet_format == self.FORMAT_CSV:
            return export.as_csv(queryset, name=name)
        return export.as_xlsx(queryset, name=name)

    @property
    def csv_address(self) -> str:
        return self.get_query_string({self.EXPORT_VAR: self.FORMAT_CSV})

    @property
    def xlsx_address(self) -> str:
        return self.get_query_string({self.EXPORT_VAR: self.FORMAT_XLSX})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Not the parent's: it builds the query twice and counts the table three times.
        paginator = self.paginator_class(for_list(self.queryset), self.items_per_page)
        page = paginator.get_page(self.page_num or 1)
        context = {
            "paginator": paginator,
            "page_obj": page,
            "object_list": list(page.object_list),
            "elided_page_range": paginator.get_elided_page_range(page.number),
            "filter": self.filter,
            "shortcuts": shortcuts(self.request.GET.dict()),
            "may_export": self.request.user.has_perm(EXPORT),
        }
        return super(IndexView, self).get_context_data(**context, **kwargs)


@dataclass(frozen=True)
class Shortcut:
    """A link above the list and how many orders it leads to; no number for all of them."""

    label: str
    query: str  # with its question mark; empty for none
    count: int | None
    is_current: bool


def shortcuts(asked: dict[str, str]) -> list[Shortcut]:
    """What needs somebody today. One query over the open orders only."""
    open_orders = Order.objects.filter(Q(status__in=[Status.PLACED, Status.PAID]) | ~Q(hold=""))
    counts = open_orders.aggregate(
        review=Count("pk", filter=Q(hold=Hold.NEEDS_REVIEW)),
        disputed=Count("pk", filter=Q(hold=Hold.DISPUTED)),
        to_send=Count("pk", filter=Q(status=Status.PAID, hold="")),
        waiting=Count("pk", filter=Q(status=Status.PLACED)),
    )
    review, to_send = {"hold": Hold.NEEDS_REVIEW.value}, {"status": "paid", "hold": "none"}
    links = [
        (_("All orders"), {}, None),
        (_("To review"), review, counts["review"]),
        (_("Disputed"), {"hold": Hold.DISPUTED.value}, counts["disputed"]),
        (_("To send"), to_send, counts["to_send"]),
        (_("Waiting for payment"), {"status": "placed"}, counts["waiting"]),
    ]
    named = {name: asked[name] for name in OrderFilter.base_fields if asked.get(name)}
    return [
        Shortcut(label, f"?{urlencode(query)}" if query else "", count, query == named)
        for label, query, count in links
    ]
