"""What a product page sells, as columns of the page explorer. Two queries for a whole listing."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.models import Page

from ..models import ProductPage, Variant
from ..money import formatted

FEW = 5  # from here on shoppers are told how many are left: components/stock_state.html
NAMED = 3  # SKUs that a row names; the product's own screen has them all


class State(models.TextChoices):
    IN_STOCK = "in_stock", _("in stock")
    LOW = "low", _("low")
    SOLD_OUT = "sold_out", _("sold out")
    NOT_FOR_SALE = "not_for_sale", _("not for sale")
    NO_PRODUCT = "no_product", _("no product")


@dataclass(frozen=True)
class Goods:
    """The variants of one page's product that are for sale, in a few words."""

    state: State
    skus: str = ""
    price: str = ""
    available: int | str = ""


def attach_goods(pages: Iterable[Page]) -> None:
    """Sets `goods` on each page; None on those that are no product pages."""
    product_ids = {page.product_id for page in pages if isinstance(page, ProductPage)} - {None}
    found = Variant.objects.filter(product__in=product_ids, is_active=True)
    found = found.with_any_price(settings.SHOP_CURRENCY).with_stock()
    by_product = {
        product: list(variants)
        for product, variants in groupby(
            found.order_by("product", "sort_order"), key=lambda variant: variant.product_id
        )
    }
    for page in pages:
        page.goods = None
        if isinstance(page, ProductPage):
            page.goods = _goods(page, by_product.get(page.product_id, []))


class GoodsColumn(Column):
    """One of the facts of `goods`; empty beside a page that sells nothing."""

    def get_value(self, instance: Page) -> Any:
        goods = getattr(instance, "goods", None)
        return "" if goods is None else getattr(goods, self.name)


class StateColumn(StatusTagColumn):
    """What is in stock stands out."""

    def __init__(self) -> None:
        super().__init__(
            "state", label=_("Stock"), accessor="goods.state.label", classname="goods-fact"
        )

    def get_primary(self, instance: Page) -> bool:
        return instance.goods is not None and instance.goods.state == State.IN_STOCK


COLUMNS = [
    GoodsColumn("skus", label=_("SKU"), classname="goods-skus"),
    GoodsColumn("price", label=_("Price"), classname="goods-fact"),
    GoodsColumn("available", label=_("Available")),
    StateColumn(),
]


def _goods(page: ProductPage, variants: list[Variant]) -> Goods:
    if page.product_id is None:
        return Goods(State.NO_PRODUCT)
    if not variants:
        return Goods(State.NOT_FOR_SALE)
    available = sum(variant.available for variant in variants)
    return Goods(_state(available), _skus(variants), _prices(variants), available)


def _skus(variants: list[Variant]) -> str:
    named = ", ".join(variant.sku for variant in variants[:NAMED])
    return f"{named} + {more}" if (more := len(variants) - NAMED) > 0 else named


def _prices(variants: list[Variant]) -> str:
    prices = sorted({variant.price for variant in variants} - {None})
    ends = dict.fromkeys(prices[:1] + prices[-1:])
    in_words = [formatted(price, settings.SHOP_CURRENCY) for price in ends]
    return " – ".join(in_words) or _now("no price yet")


def _state(available: int) -> State:
    if available <= 0:
        return State.SOLD_OUT
    return State.LOW if available <= FEW else State.IN_STOCK
