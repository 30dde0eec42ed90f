"""What is wrong with the records of products."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Product, ProductPage, Variant
from .findings import Finding, Kind


def without_page() -> Iterator[Finding]:
    """Products that are for sale, and no live page sells them."""
    shown = ProductPage.objects.live().exclude(product=None).values("product")
    for_sale = Variant.objects.filter(is_active=True).values("product")
    for product in Product.objects.filter(pk__in=for_sale).exclude(pk__in=shown).iterator():
        yield _of(product, Kind.NO_PAGE, product.name, _("No published page shows it."))


def without_gtin() -> Iterator[Finding]:
    """Goods that price comparisons and marketplaces cannot recognise."""
    for variant in _for_sale().filter(gtin="").iterator():
        yield _of(variant.product, Kind.GTIN, str(variant), variant.product.name)


def without_weight() -> Iterator[Finding]:
    """Goods that are sent as if they weighed nothing."""
    for variant in _for_sale().filter(weight_grams=0).iterator():
        yield _of(variant.product, Kind.WEIGHT, str(variant), variant.product.name)


def _for_sale() -> QuerySet[Variant]:
    return Variant.objects.filter(is_active=True).select_related("product").order_by("sku")


def _of(product: Product, kind: Kind, subject: str, detail: str) -> Finding:
    return Finding(kind, subject, detail, reverse("products:edit", args=[product.pk]))
