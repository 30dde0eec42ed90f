"""Product and category pages in the page explorer: what they sell, found by SKU, used where."""

import re
from typing import Any

from django.db.models import QuerySet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from ..models import CategoryPage, ProductPage
from .goods_columns import COLUMNS, attach_goods
from .where_used import uses_of

# A word with a digit, a dot or a dash in it: nobody's title begins like that.
LIKE_A_SKU = re.compile(r"(?=.*[0-9._-])[A-Za-z0-9._-]{2,40}")


class ShowsGoods:
    """A listing of pages with what they sell."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        attach_goods(context["object_list"])
        return context

    def search_queryset(self, queryset: QuerySet[Page]) -> Any:
        """The pages of a SKU, if one begins like what is searched for; else Wagtail's search."""
        term = self.search_query  # type: ignore[attr-defined]
        if LIKE_A_SKU.fullmatch(term):
            selling = ProductPage.objects.filter(product__variants__sku__istartswith=term)
            by_sku = queryset.filter(pk__in=selling.values("pk"))
            if by_sku.exists():
                return by_sku
        return super().search_queryset(queryset)  # type: ignore[misc]


def _with_goods(columns: list[Column]) -> list[Column]:
    """Behind the title: what tells one product from another. Their type does not."""
    others = [column for column in columns[2:] if column.name != "type"]
    return [*columns[:2], *COLUMNS, *others]


class Shelf(ShowsGoods, ExplorableIndexView):
    """What is on one category's shelf, narrower categories among it."""

    base_columns = _with_goods(ExplorableIndexView.base_columns)


class AllProductPages(ShowsGoods, ContentTypeUseView):
    base_columns = _with_goods(ContentTypeUseView.base_columns)


class TellsUse:
    """A question before something is taken away: where it would be missing."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        user = self.request.user  # type: ignore[attr-defined]
        return {**context, "uses": uses_of([context["page"]], user)}


class UnpublishProductPage(TellsUse, UnpublishView):
    template_name = "products/admin/confirm_unpublish.html"


class DeleteProductPage(TellsUse, DeleteView):
    template_name = "products/admin/confirm_delete.html"


class ProductPages(PageViewSet):
    model = ProductPage
    content_type_use_view_class = AllProductPages
    unpublish_view_class = UnpublishProductPage
    delete_view_class = DeleteProductPage

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        columns = self.content_type_use_view_class.base_columns
        return super().get_index_view_kwargs(**{"columns": columns, **kwargs})


class CategoryPages(PageViewSet):
    """The listing below a category. It shows any page, though its columns are made for products."""

    model = CategoryPage
    parent_models = [CategoryPage]
    index_view_class = Shelf

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**{"model": Page, **kwargs})


product_pages = ProductPages()
category_pages = CategoryPages()
