"""The search desk: what shoppers search for, what they find, and how to mend what finds nothing."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.forms import RadioSelect
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from ..models import SearchOutcome, SearchRedirect, Synonym
from ..models.searches import LONGEST
from ..spreadsheets import harmless, printable


class BeginsWithTerm(generic.CreateView):
    """One click beside a search that finds nothing leads here, with the term filled in."""

    def get_initial_form_instance(self) -> Any:
        return self.model(term=self.request.GET.get("term", "")[:LONGEST])


class SynonymViewSet(ModelViewSet):
    model = Synonym
    name = "synonyms"
    icon = "link"
    menu_label = _("Synonyms")
    list_display = ["term", "means"]
    search_fields = ["term", "means"]
    search_backend_name = None
    add_view_class = BeginsWithTerm
    copy_view_enabled = False


class SearchRedirectViewSet(ModelViewSet):
    model = SearchRedirect
    name = "search_redirects"
    url_prefix = "search-redirects"
    icon = "redirect"
    menu_label = _("Search redirects")
    list_display = ["term", "page"]
    search_fields = ["term", "page__title"]
    search_backend_name = None
    add_view_class = BeginsWithTerm
    copy_view_enabled = False


class FoundFilter(WagtailFilterSet):
    found = ChoiceFilter(
        label=_("Found"),
        choices=[("nothing", _("Nothing")), ("something", _("Something"))],
        method="narrow",
        empty_label=_("All searches"),
        widget=RadioSelect,
    )

    class Meta:
        model = SearchOutcome
        fields: list[str] = []

    def narrow(self, outcomes: QuerySet, name: str, value: str) -> QuerySet:
        return outcomes.filter(results=0) if value == "nothing" else outcomes.exclude(results=0)


class MendColumn(Column):
    """A link for each way to mend a search, for whoever may go it."""

    cell_template_name = "products/admin/mend_search.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        term = urlencode({"term": instance.query.query_string})
        may = parent_context["request"].user.has_perm
        if may("products.add_synonym"):
            context["synonym"] = f"{reverse('synonyms:add')}?{term}"
        if may("products.add_searchredirect"):
            context["redirect"] = f"{reverse('search_redirects:add')}?{term}"
        return context


class SearchTerms(ReportView):
    """Every term of the last season; what finds least is on top, the most wanted first."""

    model = SearchOutcome
    permission_required = "view"
    page_title = _("What is searched for")
    header_icon = "search"
    index_url_name = "searched_terms"
    index_results_url_name = "searched_terms_results"
    is_searchable = True
    search_fields = ["query__query_string"]
    search_backend_name = None
    filterset_class = FoundFilter
    verbose_name_plural = _("searches")
    columns = [
        Column("term", label=_("Search term"), accessor="query.query_string"),
        NumberColumn("hits", label=_("Searches"), sort_key="hits"),
        NumberColumn("results", label=_("Results"), sort_key="results"),
        DateColumn("searched_at", label=_("Last"), sort_key="searched_at"),
        MendColumn("mend", label=_("Mend")),
    ]
    list_export = ["query.query_string", "hits", "results", "searched_at"]
    export_headings = {
        "query.query_string": _("Search term"),
        "hits": _("Searches"),
        "results": _("Results"),
        "searched_at": _("Last"),
    }
    export_filename = "searches"

    def get_base_queryset(self) -> QuerySet[SearchOutcome]:
        same = {"term": OuterRef("query__query_string")}
        return (
            SearchOutcome.objects.select_related("query")
            .annotate(
                hits=Coalesce(Sum("query__daily_hits__hits"), 0),
                has_synonym=Exists(Synonym.objects.filter(**same)),
                has_redirect=Exists(SearchRedirect.objects.filter(**same)),
            )
            .order_by("results", "-hits", "pk")
        )

    def get_filtered_queryset(self) -> QuerySet[SearchOutcome]:
        return self.get_queryset()

    def get_preprocess_function(self, field: str, value: Any, export_format: str) -> Any:
        if field != "query.query_string":
            return super().get_preprocess_function(field, value, export_format)
        clean = harmless if export_format == self.FORMAT_CSV else printable
        return lambda words: clean(force_str(words))


class SearchTermsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("products.view_searchoutcome")


class SearchDesk(ViewSetGroup):
    menu_label = _("Search desk")
    menu_icon = "search"
    menu_order = 160
    items = (SynonymViewSet("synonyms"), SearchRedirectViewSet("search_redirects"))


search_desk = SearchDesk()


def urls() -> list[URLPattern]:
    return [
        path("reports/searches/", SearchTerms.as_view(), name="searched_terms"),
        path(
            "reports/searches/results/",
            SearchTerms.as_view(results_only=True),
            name="searched_terms_results",
        ),
    ]


def menu_item() -> SearchTermsMenuItem:
    return SearchTermsMenuItem(
        _("What is searched for"), reverse("searched_terms"), icon_name="search", order=110
    )
