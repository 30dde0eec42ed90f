"""The dialog of the page form: choose a product, or make one."""

from django import forms
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from ..models import Product
from .new_product import NewProduct

NEW_PRODUCT_TEMPLATE = "products/admin/new_product.html"


class ProductSearch(BaseFilterForm):
    """By name or SKU, in the database: an index of names would not know SKUs."""

    q = forms.CharField(label=_("Name or SKU"), max_length=200, required=False)

    def filter(self, objects: QuerySet[Product]) -> QuerySet[Product]:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        if not self.is_searching:
            return objects
        return objects.filter(
            Q(name__icontains=self.search_query) | Q(variants__sku__icontains=self.search_query)
        ).distinct()


class ChooseProduct(chooser.ChooseView):
    creation_form_template_name = NEW_PRODUCT_TEMPLATE
    filter_form_class = ProductSearch


class FindProduct(chooser.ChooseResultsView):
    filter_form_class = ProductSearch


class CreateProduct(chooser.CreateView):
    creation_form_template_name = NEW_PRODUCT_TEMPLATE

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            return super().post(request)
        except IntegrityError:
            self.form.refuse(_now("Somebody has just used one of these SKUs. Please try again."))
            return self.get_reshow_creation_form_response()

    def save_form(self, form: NewProduct) -> Product:
        return form.create(by=self.request.user, at=timezone.now())


class ProductChooserViewSet(ChooserViewSet):
    model = Product
    icon = "tag"
    choose_one_text = _("Choose or create a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    creation_tab_label = _("New product")
    create_action_label = _("Create this product")
    creation_form_class = NewProduct
    choose_view_class = ChooseProduct
    choose_results_view_class = FindProduct
    create_view_class = CreateProduct


product_chooser = ProductChooserViewSet("product_chooser")
